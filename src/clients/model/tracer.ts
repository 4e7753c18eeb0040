/**
 * A world that writes down what it is asked.
 */
import type { Step } from './client.ts'
import { type HttpRequest, type HttpResponse, type World, WorldError } from './world.ts'

export interface Tracer {
  readonly trace: readonly Step[]
  /** @returns the answer, or undefined where none came */
  readonly exchange: (request: HttpRequest) => Promise<HttpResponse | undefined>
  /**
   * The same, following redirects. @param most how many @param mayFollow told the absolute target of each
   * @returns the last answer, undefined where there is none; and the URL that gave it
   */
  readonly follow: (request: HttpRequest, rules: RedirectRules) => Promise<Followed>
  readonly dns: World['dns']
  /** Adds to the last step why its answer was not used, or that it was. */
  readonly note: (remark: string) => void
}

export interface RedirectRules {
  readonly most: number
  /** A POST that is sent on by 301, 302 or 303 goes on as a GET, as the Fetch standard has it. Default: as the POST it was. */
  readonly postBecomesGet?: boolean
  /** Told the target before and after it was made absolute. */
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
    add(asked, `${answers.length} records`)
    return answers
  }

  return {
    trace,
    exchange,
    follow,
    dns: {
      mx: domain => look(`MX ${domain}`, () => world.dns.mx(domain)),
      srv: name => look(`SRV ${name}`, () => world.dns.srv(name)),
      txt: name => look(`TXT ${name}`, () => world.dns.txt(name))
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
