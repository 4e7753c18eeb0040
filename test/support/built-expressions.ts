/**
 * A thread that records every regular expression that is built while the given files are loaded and used. Why a thread:
 * modules are loaded once, and the ones of the tests may be loaded already.
 */
import { parentPort, workerData } from 'node:worker_threads'

const built: { place: string; source: string; flags: string }[] = []

globalThis.RegExp = new Proxy(RegExp, {
  construct(target, given, made) {
    const expression: RegExp = Reflect.construct(target, given, made)
    const [, place] = /\/src\/(\S+?:\d+):\d+\)?$/m.exec(new Error().stack ?? '') ?? []
    if (place !== undefined) built.push({ place, source: expression.source, flags: expression.flags })
    return expression
  }
})

for (const file of workerData as readonly string[]) await import(new URL(`../../src/${file}`, import.meta.url).href)

const { readXmlEvents } = await import('../../src/clients/xml/xml-events.ts')
const { usernamePattern } = await import('../../src/importers/username-pattern.ts')
const { managesieve } = await import('../../src/probes/protocols/managesieve.ts')
const { toAddress } = await import('../../src/settings/question/address.ts')
const { findMismatches } = await import('../../src/settings/load/schema-check.ts')

readXmlEvents('<a/>')
const address = toAddress('aa.aa@aa.aa.example')
if (address !== undefined) usernamePattern('a', address)
const dialogue = { line: async () => 'OK', send: () => undefined } as never
await managesieve.reply(dialogue)
findMismatches({ providers: [{ id: 'a', password: { note: { en: 'a' } } }] })

parentPort?.postMessage(built)
