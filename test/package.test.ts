import t from 'tap'
import manifest from '../package.json' with { type: 'json' }
import lock from '../package-lock.json' with { type: 'json' }

const wanted = { ...manifest.dependencies, ...manifest.devDependencies }

t.test('package: every version is exact', async t => {
  for (const [name, version] of Object.entries(wanted)) t.match(version, /^\d+\.\d+\.\d+$/, name)
})

t.test('package: the lock holds what is wanted', async t => {
  const { dependencies, devDependencies, version, engines, bin } = lock.packages['']
  t.same(
    { dependencies, devDependencies, version, engines, bin },
    {
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
      version: manifest.version,
      engines: manifest.engines,
      bin: manifest.bin
    }
  )
  const locked: Readonly<Record<string, { version?: string }>> = lock.packages
  for (const [name, version] of Object.entries(wanted)) t.equal(locked[`node_modules/${name}`]?.version, version, name)
})
