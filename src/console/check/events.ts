/**
 * The progress of an examination as server-sent events: HTML Living Standard, 9.2.
 */
import type { FastifyReply } from 'fastify'
import type { Follower, Runner } from './runner.ts'

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Why: nginx would hold the events back.
  'x-accel-buffering': 'no'
}

/** Streams the progress until the examination ends or the browser closes the page. */
export function sendEvents({ raw }: Pick<FastifyReply, 'raw'>, runner: Pick<Runner, 'follow'>): void {
  raw.writeHead(200, headers)
  const follower: Follower = {
    progress(progress) {
      raw.write(`data: ${JSON.stringify(progress)}\n\n`)
    },
    end() {
      raw.end('event: end\ndata: {}\n\n')
    }
  }
  const stop = runner.follow(follower)
  raw.on('close', stop)
}
