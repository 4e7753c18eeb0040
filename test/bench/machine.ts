// A description of the machine in one line.
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, type } from 'node:os'

export const machine = (): string => {
  const cores = availableParallelism()
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${model}, ${cores} ${cores === 1 ? 'core' : 'cores'}, node ${process.version}, ${system()}`
}

const system = (): string => {
  const file = '/etc/os-release'
  const name = existsSync(file) ? /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined
  const kernel = `${type()} ${release()}`
  return name === undefined ? kernel : `${name} (${kernel})`
}
