/**
 * The settings of a running server, rewritten every second: usually valid, sometimes broken, and sometimes with SIGHUP.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchAnswer } from '../bench/answer.ts'
import { probe } from '../bench/cases.ts'
import type { ServerProcess } from '../bench/server-process.ts'

export interface Changes {
  readonly counts: { served: number; broken: number; signals: number; missed: number }
  stop(): Promise<void>
}

const everyMs = 1000

/** One change in so many is broken, and one in so many is followed by SIGHUP. */
const brokenEvery = 7
const signalEvery = 10

/** Time limit until a change is served. */
const patienceMs = 5000

/** @param shipped the settings to change. @param file where the server reads them */
export function startChanges({ pid, port }: ServerProcess, shipped: string, file: string): Changes {
  const counts = { served: 0, broken: 0, signals: 0, missed: 0 }
  let stopping = false

  async function change(turn: number): Promise<void> {
    const name = `Mailbox ${turn}`
    const isBroken = turn % brokenEvery === 0
    const changed = shipped.replace(/name: .*/, isBroken ? 'name: [' : `name: ${name}`)
    write(changed + extra(turn), file, turn)
    if (turn % signalEvery === 0) {
      process.kill(pid, 'SIGHUP')
      counts.signals++
    }
    if (isBroken) counts.broken++
    else if (await isServed(port, name)) counts.served++
    else counts.missed++
  }

  const running = (async () => {
    for (let turn = 1; !stopping; turn++) {
      const next = sleep(everyMs)
      await change(turn)
      await next
    }
  })()
  return {
    counts,
    async stop() {
      stopping = true
      await running
    }
  }
}

/** Why both: editors write in place, and deployments replace the file. */
function write(text: string, file: string, turn: number): void {
  const written = turn % 2 === 0 ? file : `${file}.new`
  writeFileSync(written, text)
  if (written !== file) renameSync(written, file)
}

/** A default provider, whose number of domains changes. */
function extra(turn: number): string {
  const domains = Array.from({ length: 1 + (turn % 50) }, (_, at) => `d${at}.soak.example`)
  return `
  - id: others
    name: Others
    domains: ["*", ${domains.join(', ')}]
    servers: [{ protocol: imap, host: imap.soak.example }, { protocol: smtp, host: smtp.soak.example }]
`
}

async function isServed(port: number, name: string): Promise<boolean> {
  const giveUp = performance.now() + patienceMs
  while (performance.now() < giveUp) {
    const answer = await fetchAnswer(port, probe).catch(() => undefined)
    if (answer?.body.includes(`<displayName>${name}</displayName>`)) return true
    await sleep(20)
  }
  return false
}
