/**
 * The bill of materials in CycloneDX: that of `npm sbom`, and Node, which the executable contains.
 */
import { writeFile } from 'node:fs/promises'
import { run } from './run.ts'

export async function writeBillOfMaterials(file: string): Promise<void> {
  // Why: compilers and test hooks that a parent passes on would run in npm, too.
  const bill = JSON.parse(await run('npm', ['run', '--silent', 'sbom'], { env: { NODE_OPTIONS: '' } }))
  const { node: version } = process.versions
  const purl = `pkg:generic/node@${version}`
  bill.components.push({
    'bom-ref': purl,
    type: 'platform',
    name: 'node',
    version,
    purl,
    licenses: [{ license: { id: 'MIT' } }]
  })
  await writeFile(file, `${JSON.stringify(bill, undefined, 2)}\n`)
}
