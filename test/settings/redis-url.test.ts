import t from 'tap'
import { parseRedisUrl } from '../../src/settings/redis-url.ts'

t.test('parseRedisUrl: reads host, port, user, password and database', async t => {
  const plain = { host: 'a.example', port: 6379, isSecure: false, user: undefined, password: undefined, database: 0 }
  t.same(parseRedisUrl('redis://a.example'), plain)
  t.same(parseRedisUrl('rediss://u%40b:p%2Fw@a.example:7/12'), {
    host: 'a.example',
    port: 7,
    isSecure: true,
    user: 'u@b',
    password: 'p/w',
    database: 12
  })
  t.match(parseRedisUrl('redis://[::1]:6380/'), { host: '::1', port: 6380, database: 0 })
})

t.test('parseRedisUrl: an invalid URL is undefined', async t => {
  for (const url of [
    'redis://a:b:c',
    'redis://%zz@a.example',
    'redis://a:%zz@b.example',
    'redis:///1',
    'redis://:6379'
  ]) {
    t.equal(parseRedisUrl(url), undefined, url)
  }
})
