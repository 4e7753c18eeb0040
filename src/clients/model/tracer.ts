/**
 * Records all requests and lookups of a model.
 */
import { type Client, type FoundAccount, type Mailbox, type Step, toMailbox } from './client.ts'
import { type HttpRequest, type HttpResponse, type World, WorldError } from './world.ts'

export interface Tracer {
  readonly trace: readonly Step[]
  /** @returns the response, or undefined if there was none */
  readonly exchange: (request: HttpRequest) => Promise<HttpResponse | undefined>
  /**
   * Like `exchange`, but follows redirects.
   * @returns the last response, if any, and its URL
   */
  readonly follow: (request: HttpRequest, rules: RedirectRules) => Promise<Followed>
  readonly dns: World['dns']
  /** Adds to the last step whether its response was used, or why not. */
  readonly note: (remark: string) => void
}

export interface RedirectRules {
  /** Maximum number of redirects. */
  readonly most: number
  /** Whether 301, 302 and 303 change a POST into a GET, as in the Fetch standard. Default: false. */
  readonly postBecomesGet?: boolean
  /** Decides about each redirect. `location` is the header, `to` the absolute target. */
  readonly mayFollow?: (target: { readonly from: URL; readonly to: URL; readonly location: string }) => boolean
}

export interface Followed {
  readonly response: HttpResponse | undefined
  readonly url: string
}

export function createTracer(world: World): Tracer {
  const trace: Step[] = []
  const add = (asked: string, result: string) => trace.push({ asked, result })

  async function exchange(request: HttpRequest): Promise<HttpResponse | undefined> {
    const asked = `${request.method} ${request.url}`
    // Why: models build URLs from names in the DNS, which can contain any character.
    if (!URL.canParse(request.url)) {
      add(asked, 'not a URL')
      return undefined
    }
    try {
      const response = await world.exchange(request)
      add(asked, String(response.status))
      return response
    } catch (error) {
      if (!(error instanceof WorldError)) throw error
      add(asked, error.message)
      return undefined
    }
  }

  async function follow(request: HttpRequest, rules: RedirectRules): Promise<Followed> {
    const { most, postBecomesGet = false, mayFollow = () => true } = rules
    let url = request.url
    let sent = request
    for (let hops = 0; ; hops++) {
      const response = await exchange({ ...sent, url })
      const location = response?.headers.location
      if (response === undefined || location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) {
        return { response, url }
      }
      const from = new URL(url)
      if (hops === most || !URL.canParse(location, url)) break
      const to = new URL(location, url)
      if (!mayFollow({ from, to, location })) break
      if (postBecomesGet && response.status < 304) sent = asGet(sent)
      url = to.href
    }
    return { response: undefined, url }
  }

  async function look<Answer>(asked: string, query: () => Promise<readonly Answer[]>): Promise<readonly Answer[]> {
    const answers = await query()
    add(asked, answers.length === 1 ? '1 record' : `${answers.length} records`)
    return answers
  }

  return {
    trace,
    exchange,
    follow,
    dns: {
      mx: domain => look(`MX ${domain}`, () => world.dns.mx(domain)),
      srv: name => look(`SRV ${name}`, () => world.dns.srv(name)),
      txt: name => look(`TXT ${name}`, () => world.dns.txt(name)),
      ns: domain => look(`NS ${domain}`, () => world.dns.ns(domain)),
      async isHost(name) {
        const isHost = await world.dns.isHost(name)
        add(`A ${name}`, isHost ? 'an address' : 'no address')
        return isHost
      }
    },
    note(remark) {
      const last = trace.pop()
      if (last !== undefined) add(last.asked, `${last.result}, ${remark}`)
    }
  }
}

function asGet({ url, headers: { 'content-type': _, ...headers } }: HttpRequest): HttpRequest {
  return { method: 'GET', url, headers }
}

/** Searches for settings as the program does. @returns the account, or the reason why it finds none */
export type Search = (mailbox: Mailbox, tracer: Tracer) => Promise<FoundAccount | string>

/** @returns the `discover` of a client that uses one tracer */
export function createDiscover(search: Search): Client['discover'] {
  return async (address, world) => {
    const mailbox = toMailbox(address)
    if (mailbox === undefined) return { account: undefined, reason: 'not a mail address', trace: [] }
    const tracer = createTracer(world)
    const found = await search(mailbox, tracer)
    return typeof found === 'string'
      ? { account: undefined, reason: found, trace: tracer.trace }
      : { account: found, reason: undefined, trace: tracer.trace }
  }
}
