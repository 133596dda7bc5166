import { describe, expect, it } from 'vitest'
import { defineTrainable, isTrainable, toTrainable, trainableAt } from '../../src/trainable/define.js'
import { loadTrainable } from '../../src/trainable/load.js'

async function* train() {
  yield { loss: 1 }
}

const url = 'file:///somewhere/my%20model.train.ts'
const fixture = (name: string) => new URL(`../fixtures/${name}`, import.meta.url).href

describe('a trainable that is tied to its module', () => {
  it('is called as it was told, as its function, or as its module', () => {
    const names = [
      defineTrainable(url, train, { name: 'mnist' }),
      defineTrainable(url, train),
      defineTrainable(url, async () => ({ loss: 1 })),
      trainableAt(url),
      trainableAt(new URL(url), { name: 'there' }),
    ].map(({ name }) => name)
    expect(names).toEqual(['mnist', 'train', 'my model.train', 'my model.train', 'there'])
  })

  it('knows where it is and what it is', () => {
    expect(defineTrainable(url, train, { exportName: 'train' })).toMatchObject({
      moduleUrl: url,
      exportName: 'train',
      definition: train,
    })
    expect(trainableAt(url)).toMatchObject({ moduleUrl: url, exportName: 'default', definition: undefined })
  })

  it('is told from everything else', () => {
    expect([defineTrainable(url, train), trainableAt(url), toTrainable(train)].map(isTrainable)).toEqual([
      true,
      true,
      true,
    ])
    expect([train, {}, null, undefined, 'x'].map(isTrainable)).toEqual([false, false, false, false, false])
  })

  it('is passed on as it is, and a bare function stays a closure', () => {
    const defined = defineTrainable(url, train)
    expect(toTrainable(defined)).toBe(defined)
    expect(toTrainable(train)).toMatchObject({ name: 'train', moduleUrl: undefined, definition: train })
    expect(toTrainable((() => () => ({}))()).name).toBe('trainable')
  })

  it.each([
    ['what the function returned', () => defineTrainable(url, train() as never), 'pass the function itself'],
    ['no function', () => toTrainable({ lr: 1 } as never), 'is a function, a generator function or a class'],
    ['a path for a URL', () => defineTrainable('./train.js', train), 'pass import.meta.url'],
    ['no URL', () => trainableAt(undefined as never), 'pass import.meta.url'],
  ])('is INVALID_TRAINABLE with %s', (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'INVALID_TRAINABLE', message: expect.stringContaining(message) }),
    )
  })
})

describe('a trainable that is imported', () => {
  it('is what its module exports, by that name', async () => {
    const loaded = await loadTrainable({ moduleUrl: fixture('counter.mjs'), exportName: 'caller' })
    expect(loaded.name).toBe('caller')
  })

  it.each([
    ['no-such-module.mjs', 'default', 'TRAINABLE_NOT_FOUND', 'there is no trainable module at '],
    ['throws-on-import.mjs', 'default', 'TRAINABLE_IMPORT_FAILED', 'failed on import'],
    ['no-default.mjs', 'default', 'INVALID_TRAINABLE', 'has no default export'],
    ['counter.mjs', 'other', 'INVALID_TRAINABLE', "has no export 'other'"],
    ['not-a-trainable.mjs', 'default', 'INVALID_TRAINABLE', 'not a trainable'],
  ])('says what is wrong with %s (%s)', async (file, exportName, code, message) => {
    await expect(loadTrainable({ moduleUrl: fixture(file), exportName })).rejects.toThrow(
      expect.objectContaining({ name: 'TuneError', code, message: expect.stringContaining(message) }),
    )
  })
})
