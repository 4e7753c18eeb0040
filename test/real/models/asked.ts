// The requests of a program and of its model, in the same form: `GET https://host/path address`.

import type { Step } from '../../../src/clients/model/client.ts'
import type { ProxiedRequest } from '../nginx.ts'

/**
 * Why the address is separate: programs encode it in different ways.
 * @returns the requests of the trace that were answered
 */
export function askedBySteps(trace: readonly Step[]): string[] {
  return answered(trace).map(({ asked }) => {
    const [method, url = ''] = asked.split(' ')
    const { origin, pathname, search } = new URL(url)
    return textOf(`${method} ${origin}${pathname}`, search)
  })
}

/** @param requests those that nginx answered */
export function askedByProgram(requests: readonly ProxiedRequest[]): string[] {
  return requests.map(({ asked, query }) => textOf(asked, query))
}

/** @returns the requests of the trace that were answered, with their queries as they were sent */
export function sentBySteps(trace: readonly Step[]): string[] {
  return answered(trace).map(({ asked }) => normalize(asked))
}

/** @returns the requests, with their queries as they were sent. Why each once: a program may repeat one on a busy machine. */
export function sentToNginx(requests: readonly ProxiedRequest[]): string[] {
  return [...new Set(requests.map(({ asked, query }) => normalize(query === '' ? asked : `${asked}?${query}`)))]
}

/** Why: nginx writes paths decoded, and models have host names in any letter case. */
function normalize(request: string): string {
  const [method, url = ''] = request.split(/ (.*)/s)
  return `${method} ${new URL(url).href}`
}

function answered(trace: readonly Step[]): Step[] {
  return trace.filter(({ asked, result }) => /^[A-Z]+ https?:/.test(asked) && /^\d/.test(result))
}

function textOf(asked: string, query: string): string {
  return `${asked} ${new URLSearchParams(query).get('emailaddress') ?? ''}`
}
