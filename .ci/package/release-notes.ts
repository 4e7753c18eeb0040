/**
 * Prints the section of a version in CHANGELOG.md: `node .ci/package/release-notes.ts 0.2.0`.
 */
import { readFileSync } from 'node:fs'

export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m)
  const section = sections.find(each => each.startsWith(`## [${version}]`))
  if (section === undefined) throw new Error(`CHANGELOG.md has no section [${version}]`)
  // Links at the end of the file belong to all sections.
  return `${section.replace(/^## .*\n+/, '').trim()}\n`
}

if (import.meta.main) {
  const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
  process.stdout.write(releaseNotes(changelog, String(process.argv[2])))
}
