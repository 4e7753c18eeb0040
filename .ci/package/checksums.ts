/**
 * SHA256SUMS, which `sha256sum --check` reads.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const sums = 'SHA256SUMS'

export async function writeSums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => name !== sums).sort()
  const lines = await Promise.all(
    names.map(
      async name =>
        `${createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex')}  ${name}\n`
    )
  )
  await writeFile(join(folder, sums), lines.join(''))
}
