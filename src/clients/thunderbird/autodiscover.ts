/**
 * Autodiscover as Thunderbird does it: releases-comm-central cf9726f, ExchangeAutoDiscover.sys.mjs. The model has
 * no password and sends no credentials. It assumes that the person accepts all hosts.
 */
import { refused, type SearchResult, toOutcome } from '../model/parallel-search.ts'
import { createTracer } from '../model/tracer.ts'
import type { World } from '../model/world.ts'
import { readAutodiscover, redirectOf } from './autodiscover-document.ts'
import { type Fetched, fetchDocument, isFetched } from './fetch.ts'
import { fillIn, isHostName } from './values.ts'

interface Question {
  readonly domain: string
  /** The address in the request. */
  readonly address: string
  /** As typed by the person. */
  readonly typed: string
  readonly redirects: number
}

export function searchAutodiscover(domain: string, address: string, world: World): Promise<SearchResult> {
  return search({ domain, address, typed: address, redirects: 0 }, world)
}

async function search({ domain, address, typed, redirects }: Question, world: World): Promise<SearchResult> {
  // Observed: promiseFirstSuccessful: all run in parallel, and the first document in this order is read.
  const fetched = await Promise.all([
    post(`https://autodiscover.${domain}${path}`, address, world),
    post(`https://${domain}${path}`, address, world),
    postPlain(`http://autodiscover.${domain}${path}`, address, world),
    postToSrv(domain, address, world)
  ])
  const tracers = fetched.map(({ tracer }) => tracer)
  const winner = fetched.find(isFetched)
  if (winner === undefined) return { tracers, outcome: undefined }
  const { tracer, asked, document } = winner
  const target = redirectOf(document)
  if (target === undefined) {
    // Observed: `username || emailAddress`: after a redirect, the login is the original address.
    const login = redirects === 0 ? '%EMAILADDRESS%' : typed
    return { tracers, outcome: toOutcome(tracer, asked, () => fillIn(readAutodiscover(document, login), typed)) }
  }
  if (redirects === 2) return { tracers, outcome: refused(tracer, 'a third RedirectAddr') }
  const moved = target.slice(target.lastIndexOf('@') + 1)
  if (!isHostName(moved)) return { tracers, outcome: refused(tracer, 'a RedirectAddr that is not an address') }
  tracer.note(`redirected to ${target}`)
  const next = await search({ domain: moved, address: target, typed, redirects: redirects + 1 }, world)
  return { tracers: [...tracers, ...next.tracers], outcome: next.outcome }
}

const path = '/autodiscover/autodiscover.xml'

function post(url: string, address: string, world: World, tracer = createTracer(world)): Promise<Fetched> {
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  return fetchDocument({ method: 'POST', url, headers, body: requestFor(address) }, tracer)
}

/** Observed: the address is not escaped, so the request for a&b@example.com is invalid. */
function requestFor(address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
    <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
      <Request>
        <EMailAddress>${address}</EMailAddress>
        <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
      </Request>
    </Autodiscover>`
}

/** Observed: a redirect turns the POST into a GET. If it fails at an https URL, the POST is repeated there. */
async function postPlain(url: string, address: string, world: World): Promise<Fetched> {
  const fetched = await post(url, address, world)
  if (isFetched(fetched) || !fetched.url.startsWith('https:')) return fetched
  return post(fetched.url, address, world, fetched.tracer)
}

/** Observed: records are sorted by weight alone, lowest first, and the port is ignored. */
async function postToSrv(domain: string, address: string, world: World): Promise<Fetched> {
  const tracer = createTracer(world)
  const name = `_autodiscover._tcp.${domain}`
  const [best] = (await tracer.dns.srv(name)).toSorted((a, b) => a.weight - b.weight)
  if (best === undefined || !isHostName(best.target)) return { tracer, asked: name, url: name, document: undefined }
  return post(`https://${best.target.toLowerCase()}${path}`, address, world, tracer)
}
