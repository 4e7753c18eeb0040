import fc from 'fast-check'
import t from 'tap'
import { detached } from '../../src/formats/detached.ts'
import { anyCharacter } from '../support/arbitraries/character.ts'

t.test('detached: returns an equal text for any text', async () => {
  fc.assert(fc.property(fc.string({ unit: anyCharacter }), text => detached(text) === text))
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\0', 'a', '\uffff') }),
      text => detached(text) === text
    )
  )
})
