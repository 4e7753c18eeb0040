// The Debian packages that the real programs come from, and which of them are missing here.

import { execFile } from 'node:child_process'
import { access, constants, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

interface DebianPackage {
  name: string
  brings: string[]
}

/** One line for each missing program, with its Debian package. */
export async function missingPrograms(): Promise<string[]> {
  const missing: string[] = []
  for (const { name, brings } of await readPackages()) {
    for (const thing of brings) {
      if (!(await isThisMachine(thing))) missing.push(`${thing} is missing: apt-get install ${name}`)
    }
  }
  return missing
}

async function readPackages(): Promise<DebianPackage[]> {
  const text = await readFile(new URL('packages.txt', import.meta.url), 'utf8')
  return text.split('\n').flatMap(line => {
    const [name = '', brings = ''] = line.split('#').map(part => part.trim())
    return name === '' ? [] : [{ name, brings: brings.split(' ') }]
  })
}

async function isThisMachine(thing: string): Promise<boolean> {
  if (thing.includes('::')) return hasPerlModule(thing)
  if (thing.startsWith('/')) return isExecutable(thing)
  const places = (process.env.PATH ?? '').split(delimiter)
  const found = await Promise.all(places.map(place => isExecutable(join(place, thing))))
  return found.includes(true)
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false
  )
}

function hasPerlModule(name: string): Promise<boolean> {
  return promisify(execFile)('perl', [`-M${name}`, '-e1']).then(
    () => true,
    () => false
  )
}
