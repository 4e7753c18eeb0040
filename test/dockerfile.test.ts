import { readFileSync } from 'node:fs'
import { validate } from 'dockerfile-utils'
import t from 'tap'

const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

t.test('Dockerfile: a linter finds nothing', async t => {
  t.same(validate(dockerfile), [])
})

t.test('Dockerfile: the final image runs nothing at build, as nobody, and is asked whether it lives', async t => {
  t.notMatch(lastStage, /^RUN /m)
  t.match(lastStage, /^USER 65534:65534$/m)
  t.match(lastStage, /^HEALTHCHECK /m)
  t.match(lastStage, /SIGNPOST_CONFIG=\/config\/signpost\.yaml/)
})

t.test('Dockerfile: copies what is there, and what .dockerignore lets through', async t => {
  const ignore = readFileSync(new URL('../.dockerignore', import.meta.url), 'utf8').split('\n')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '))
  for (const file of copied) {
    t.ok(readable(file), file)
    t.ok(ignore.includes(`!${file.replace(/\/.*/, '')}`), `${file} is not ignored`)
  }
})

function readable(file: string): boolean {
  try {
    readFileSync(new URL(`../${file}`, import.meta.url))
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR'
  }
}
