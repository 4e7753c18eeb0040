/**
 * Dialects without the server: any request that reaches their routes, for any host.
 */
import { answer } from '../../src/dialects/answer.ts'
import type { Dialect } from '../../src/dialects/dialect.ts'
import { isDocument, notServed } from '../../src/dialects/document.ts'
import { dialects } from '../../src/dialects/index.ts'
import { documentFaults } from './document-faults.ts'
import type { FuzzCase, Input } from './fuzz-case.ts'
import { anyAddress, anyDomain, anyHost, anyQuery, bytesOf, encoded } from './grammar.ts'
import { anyPoxBody } from './pox-body.ts'
import type { Random } from './random.ts'
import { table } from './table.ts'

const bodyLimit = 16 * 1024

export const dialectCases: readonly FuzzCase[] = [
  { name: 'pox', title: 'bodies of POX requests', make: random => makePox(random), judge: judgeWith('outlook') },
  ...dialects.map(dialect => ({
    name: dialect.name,
    title: `requests in ${dialect.title}`,
    make: (random: Random) => makeRequest(dialect, random),
    judge: judgeWith(dialect.name)
  }))
]

function makePox(random: Random): Input {
  const host = random.chance(70) ? 'autodiscover.example.com' : bytesOf(anyHost(random))
  return {
    method: 'POST',
    url: '/autodiscover/autodiscover.xml',
    query: '',
    host,
    body: anyPoxBody(random).slice(0, bodyLimit)
  }
}

function makeRequest({ routes }: Dialect, random: Random): Input {
  const { method, path } = routes[random.below(routes.length)] ?? { method: 'GET', path: '/' }
  const query = random.chance(90) ? bytesOf(anyQuery(random)) : ''
  const filled = path.replace(/:\w+/, name =>
    bytesOf(encoded(name === ':domain' ? anyDomain(random) : anyAddress(random), random)).replace(/[?#/]/g, '')
  )
  const url = (random.chance(30) ? filled.toUpperCase() : filled) + random.pick(['', '', '', '/'])
  return { method, url: query === '' ? url : `${url}?${query}`, query, host: bytesOf(anyHost(random)), body: '' }
}

function judgeWith(name: string): FuzzCase['judge'] {
  const dialect = dialects.find(each => each.name === name)
  if (dialect === undefined) throw new Error(`no dialect ${name}`)
  return ({ method = '', url = '', query = '', host = '', body = '' }) => {
    const question = dialect.ask({
      method,
      url,
      query,
      body: method === 'POST' ? Buffer.from(body, 'latin1') : undefined
    })
    if (isDocument(question)) return documentFaults(question, { key: `${name} refusal` })
    const path = dialect.httpsPath?.(question)
    if (path !== undefined && !/^\/[!-~]*$/.test(path)) return `leads to ${JSON.stringify(path)}`
    const { document = notServed, domain } = answer(dialect, table, question, host)
    const { address, personName, form } = question
    const key = [name, document.status, domain, form, personName === undefined].join(' ')
    return documentFaults(document, { address: document.status === 200 ? address : undefined, personName, key })
  }
}
