/**
 * The Dockerfile: its base images, what it copies, and its health check.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { validate } from 'dockerfile-utils'
import t from 'tap'
import { parse } from 'yaml'
import manifest from '../package.json' with { type: 'json' }
import { defaultStorage } from '../src/settings/check/tls.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const dockerfile = read('../Dockerfile')
const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

t.test('Dockerfile: the linter reports no problems', async t => {
  t.same(validate(dockerfile), [])
})

t.test(
  'Dockerfile: the final image runs as an unprivileged user, has a health check, and runs no command at build time',
  async t => {
    t.notMatch(lastStage, /^RUN /m)
    t.match(lastStage, /^USER 65534:65534$/m)
    t.match(lastStage, /^HEALTHCHECK /m)
    t.match(lastStage, /^EXPOSE 8080 8443$/m)
    t.match(lastStage, /SIGNPOST_CONFIG=\/config\/signpost\.yaml/)
  }
)

t.test(
  'Dockerfile: the folder for certificates belongs to the user of the image, and only that user may enter it',
  async t => {
    t.match(dockerfile, /^RUN mkdir -p \/state && mkdir -m 700 \/state\/signpost$/m)
    const [, user = ''] = /^USER (.*)$/m.exec(lastStage) ?? []
    t.match(lastStage, `COPY --from=build --chown=${user} /state /var/lib/\n`)
    t.equal(dirname(defaultStorage), '/var/lib/signpost')
  }
)

t.test('Dockerfile: the health check passes if Signpost answers or closes the connection', async t => {
  const [, command = ''] = /^HEALTHCHECK .*\n +CMD (\[.*\])$/m.exec(lastStage) ?? []
  const [, ...args] = JSON.parse(command) as string[]
  const answer = (socket: Socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  const close = (socket: Socket) => socket.destroy()
  const server = createServer(socket => socket.resume().on('error', () => undefined))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const exitCode = async () => {
    const env = { SIGNPOST_LISTEN: `:${port}` }
    const [code] = await once(spawn(process.execPath, args, { env, stdio: 'ignore' }), 'close')
    return code
  }
  for (const respond of [answer, close]) {
    server.on('connection', respond)
    t.equal(await exitCode(), 0, respond.name)
    server.off('connection', respond)
  }
  server.close()
  await once(server, 'close')
  t.equal(await exitCode(), 1, 'nothing listens')
})

t.test('Dockerfile: copies only existing files that .dockerignore does not exclude', async t => {
  const ignore = readFileSync(new URL('../.dockerignore', import.meta.url), 'utf8').split('\n')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '))
  for (const file of copied) {
    t.ok(readable(file), file)
    t.ok(ignore.includes(`!${file.replace(/\/.*/, '')}`), `${file} is not ignored`)
  }
})

t.test('Dockerfile: the image has a commented template, and no table of a provider', async t => {
  t.match(lastStage, /^COPY config\/signpost\.template\.yaml \/config\/$/m)
  t.notMatch(lastStage, /^COPY config /m)
  t.notMatch(lastStage, /^COPY .*signpost\.yaml/m)
})

t.test('Dockerfile: nothing of the target processor runs during the build', async t => {
  const stages = dockerfile.split(/^(?=FROM )/m).filter(stage => /^RUN /m.test(stage))
  t.equal(stages.length, 1)
  t.match(stages[0], /^FROM --platform=\$BUILDPLATFORM /)
})

const digest = /^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/

t.test('Dockerfile: every base image is fixed by its digest, and no other image builds it', async t => {
  const images = [...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, image = '']) => image)
  t.equal(new Set(images).size, 2)
  for (const image of images) t.match(image, digest)
  t.match(images[0], `node:${manifest.devDependencies.node}-`)
  t.notMatch(dockerfile, /^# syntax=/m)
})

t.test(
  'Dockerfile: images of others in config/ are fixed by their digests, and Dependabot updates all of them',
  async t => {
    const dependabot: { readonly updates: readonly Update[] } = parse(read('../.github/dependabot.yml'))
    const covered = dependabot.updates.flatMap(({ directory, directories = [] }) => [directory, ...directories])
    const folder = new URL('../config/', import.meta.url)
    const files = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter(name => name.endsWith('.yaml'))
    const used = files.flatMap(file => {
      const images = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^\s*(?:- )?image: (\S+)$/gm)]
      return images.map(([, image = '']) => ({ file, image }))
    })
    const others = used.filter(
      ({ image }) => !image.startsWith('signpost:') && !image.startsWith('${SIGNPOST_IMAGE') && !image.includes('{{')
    )
    t.ok(others.length >= 2)
    for (const { file, image } of others) {
      t.match(image, digest, file)
      t.ok(covered.includes(`/config/${dirname(file)}`), file)
    }
    t.ok(covered.filter(each => each === '/').length >= 2, 'npm and docker')
  }
)

interface Update {
  readonly directory?: string
  readonly directories?: readonly string[]
}

function readable(file: string): boolean {
  try {
    readFileSync(new URL(`../${file}`, import.meta.url))
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR'
  }
}
