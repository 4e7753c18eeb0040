import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readRedisPassword } from '../../src/sources/redis-password.ts'

t.test('redis password: comes from a file or the environment', async t => {
  const folder = t.testdir()
  writeFileSync(join(folder, 'password'), 'hunter2\n')
  const env = { SIGNPOST_REDIS_PASSWORD: 'hunter3' }
  t.same(readRedisPassword({ redisPasswordFile: 'password' }, { folder, env }), { password: 'hunter2' })
  t.same(readRedisPassword({}, { folder, env }), { password: 'hunter3' })
  t.same(readRedisPassword({}, { folder, env: {} }), { password: undefined })
  t.same(readRedisPassword({ redisPasswordFile: 'hunter4' }, { folder, env }), {
    problem: 'cannot read the file: no such file'
  })
})
