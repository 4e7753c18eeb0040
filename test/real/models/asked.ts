// The requests of a program and of its model, in the same form: `GET https://host/path address`.

import { domainToASCII } from 'node:url'
import type { Step } from '../../../src/clients/model/client.ts'
import type { ProxiedRequest } from '../nginx.ts'

/** Why the address apart: every program encodes it in its own way. */
export function askedBySteps(trace: readonly Step[]): string[] {
  return answered(trace).map(({ asked }) => {
    const [method, url = ''] = asked.split(' ')
    const { origin, pathname, search } = new URL(url)
    return textOf(`${method} ${origin}${pathname}`, search)
  })
}

/** @returns the requests of the trace that were answered, as nginx logs them: without the query */
export function expectedInLog(trace: readonly Step[]): string[] {
  return answered(trace).map(({ asked }) => asked.replace(/\?.*/, ''))
}

/** @returns those of the requests that concern the domain of the address or another domain of its table, in order */
export function askedByProgram(
  requests: readonly ProxiedRequest[],
  address: string,
  { domains = [] }: { readonly domains?: readonly string[] } = {}
): string[] {
  const concerned = [domainToASCII(address.slice(address.lastIndexOf('@') + 1)), ...domains]
  return requests
    .filter(({ asked }) => concerned.some(domain => concerns(asked, domain)))
    .map(({ asked, query }) => textOf(asked, query))
}

/** @returns whether the host or a part of the path is the domain or a name below it */
function concerns(asked: string, domain: string): boolean {
  const { hostname, pathname } = new URL(asked.slice(asked.indexOf(' ') + 1))
  return [hostname, ...pathname.split('/')].some(part => part === domain || part.endsWith(`.${domain}`))
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
