/**
 * A world of two tables: responses by `GET https://…`, and DNS records by name.
 */
import {
  type HttpRequest,
  type HttpResponse,
  type MxRecord,
  type SrvRecord,
  type World,
  WorldError
} from '../../../src/clients/model/world.ts'

/** Default: 200, no headers, no body. */
export type FakeAnswer = Partial<HttpResponse>

export interface FakeDns {
  readonly mx?: Readonly<Record<string, readonly MxRecord[]>>
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>
  readonly txt?: Readonly<Record<string, readonly string[]>>
  readonly ns?: Readonly<Record<string, readonly string[]>>
  readonly hosts?: readonly string[]
}

export interface FakeWorld extends World {
  /** All requests, in order. */
  readonly requests: readonly HttpRequest[]
}

/** @param answers unlisted URLs do not respond */
export function fakeWorld(answers: Readonly<Record<string, FakeAnswer>>, dns: FakeDns = {}): FakeWorld {
  const requests: HttpRequest[] = []
  return {
    requests,
    async exchange(request) {
      requests.push(request)
      const key = `${request.method} ${request.url}`
      const answer = Object.hasOwn(answers, key) ? answers[key] : undefined
      if (answer === undefined) throw new WorldError('no answer')
      return { status: 200, headers: {}, body: '', ...answer }
    },
    dns: {
      mx: async domain => dns.mx?.[domain] ?? [],
      srv: async name => dns.srv?.[name] ?? [],
      txt: async name => dns.txt?.[name] ?? [],
      ns: async domain => dns.ns?.[domain] ?? [],
      isHost: async name => dns.hosts?.includes(name) === true
    }
  }
}
