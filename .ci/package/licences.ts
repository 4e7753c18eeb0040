/**
 * The licences of everything in the executable: they ask for their text to go with every copy.
 */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** @param packages their folders. @throws if one has neither a licence file nor a known licence */
export async function collectLicences(packages: readonly string[]): Promise<string> {
  const parts = await Promise.all(packages.map(licenceOf))
  return [await licenceOfNode(), ...parts].join(`\n${'-'.repeat(80)}\n\n`)
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const files = (await readdir(folder)).filter(file => /^(?:licen[cs]e|copying|notice)/i.test(file)).sort()
  const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')))
  if (texts.length === 0 && typeof license !== 'string') throw new Error(`${folder} has no licence`)
  const words =
    texts.length > 0 ? texts.map(text => text.trim()).join('\n\n') : `${license}, ${author?.name ?? author ?? name}`
  return `${name} ${version}\n\n${words}\n`
}

async function licenceOfNode(): Promise<string> {
  const base = dirname(dirname(process.execPath))
  // Why two places: Node from nodejs.org, and from the npm package `node`.
  const places = [
    join(base, 'LICENSE'),
    join(base, 'node_modules', `node-${process.platform}-${process.arch}`, 'LICENSE')
  ]
  for (const place of places) {
    const text = await readFile(place, 'utf8').catch(() => undefined)
    if (text !== undefined) return `Node.js ${process.versions.node}\n\n${text.trim()}\n`
  }
  throw new Error(`no licence of Node in ${places.join(' or ')}`)
}
