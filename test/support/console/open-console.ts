/**
 * The console of a service on a real socket of this machine.
 */
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { administer } from '../admin/administer.ts'
import type { Issued } from '../certificates.ts'
import { calm, exampleSettings } from '../served-app.ts'

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** @param pairs by the name of their files */
export async function openConsole(t: Test, settings = exampleSettings, pairs: Readonly<Record<string, Issued>> = {}) {
  const service = await administer(t, calm(settings), pairs)
  const { admin } = service
  await admin.listen({ host: '127.0.0.1', port: 0 })
  const { port } = admin.server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`

  async function ask(path: string, init: RequestInit = {}): Promise<Answered> {
    const response = await fetch(`${origin}${path}`, { redirect: 'manual', ...init })
    return { status: response.status, headers: response.headers, body: await response.text() }
  }

  const tokenOf = async () => /name="token" value="([^"]+)"/.exec((await ask('/check')).body)?.[1] ?? ''

  return {
    ...service,
    origin,
    ask,
    tokenOf,
    /** Sends a form as a page of the console does. */
    async post(path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
      const body = new URLSearchParams({ token: await tokenOf(), ...fields })
      return await ask(path, { method: 'POST', body, headers })
    }
  }
}

/** @returns the text of a page as a person reads it, with single spaces */
export function textOf(markup: string): string {
  return markup
    .replace(/<(style|script)>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
}
