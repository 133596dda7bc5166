import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  checkStudyName,
  createStudyFolder,
  defaultStudyName,
  JOURNAL_FILE,
  journalPath,
  toDirectoryName,
} from '../../src/tuner/storage.js'

const invalidName = (message = '') =>
  expect.objectContaining({ name: 'TuneError', code: 'INVALID_NAME', message: expect.stringContaining(message) })

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
  fc.constantFrom(
    '..',
    '../../etc/passwd',
    'C:\\x',
    'a\0b',
    ' ',
    '.hidden',
    'con',
    'NUL',
    'x'.repeat(300),
    'lr=1e-05,units=[1, 2]',
  ),
)

describe("a study's name", () => {
  it.each(['mnist', 'Study 1', 'a.b-c_d', 'Über 学', 'console', 'com', 'x'.repeat(120), 'mnist_2026-01-31_23-59-59'])(
    'may be %j',
    name => {
      expect(checkStudyName(name)).toBe(name)
    },
  )

  it.each([
    ['../x', 'would lead to another folder'],
    ['a/b', 'would lead to another folder'],
    ['a\\b', 'would lead to another folder'],
    ['/etc', 'would lead to another folder'],
    ['', 'is empty or no string'],
    ['.', 'begins or ends with a dot or a space'],
    ['..', 'begins or ends with a dot or a space'],
    ['.hidden', 'begins or ends with a dot or a space'],
    ['end.', 'begins or ends with a dot or a space'],
    [' a', 'begins or ends with a dot or a space'],
    ['a ', 'begins or ends with a dot or a space'],
    ['con', 'is a device on Windows'],
    ['NUL', 'is a device on Windows'],
    ['Com1.txt', 'is a device on Windows'],
    ['lpt9', 'is a device on Windows'],
    ['x'.repeat(300), 'is longer than 120 bytes'],
    ['a\nb', 'has characters that file systems refuse'],
    ['a\0b', 'has characters that file systems refuse'],
    ['a\u007f', 'has characters that file systems refuse'],
    ['a:b', 'has characters that file systems refuse'],
    ['what?', 'has characters that file systems refuse'],
    ['a*', 'has characters that file systems refuse'],
    ['"a"', 'has characters that file systems refuse'],
    ['<a>', 'has characters that file systems refuse'],
    ['a|b', 'has characters that file systems refuse'],
    [7, 'is empty or no string'],
    [null, 'is empty or no string'],
  ])('is INVALID_NAME if it is %j', (name, fault) => {
    expect(() => checkStudyName(name as string)).toThrow(invalidName(fault))
  })

  it('is shown in the message, which stays on one line', () => {
    try {
      checkStudyName('a\nb')
      expect.unreachable()
    } catch (error) {
      expect((error as Error).message).toBe(
        "the study's name \"a\\nb\" has characters that file systems refuse: use letters, digits, '.', '_', '-' and spaces; the folder it lies in is runConfig.storagePath",
      )
    }
  })

  it('never leads out of its folder, whatever it is', () => {
    fc.assert(
      fc.property(anyText, name => {
        try {
          checkStudyName(name)
        } catch (error) {
          expect(error).toEqual(invalidName())
          return
        }
        expect(resolve('/storage', name)).toBe(`/storage/${name}`)
      }),
    )
  })

  it('is made of the trainable and the local time where none is given', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5).getTime()
    expect([
      defaultStudyName('train', at),
      defaultStudyName('my model/v2', at),
      defaultStudyName('../..', at),
      defaultStudyName('学', at),
      defaultStudyName('x'.repeat(99), at),
    ]).toEqual([
      'train_2026-01-02_03-04-05',
      'my_model_v2_2026-01-02_03-04-05',
      'study_2026-01-02_03-04-05',
      'study_2026-01-02_03-04-05',
      `${'x'.repeat(60)}_2026-01-02_03-04-05`,
    ])
  })

  it('that is made is one that a user could give, whatever the trainable is called', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (trainable, now) => {
        const name = defaultStudyName(trainable, now)
        // a name with a device's in front of a dot is the one thing that it doesn't look at
        fc.pre(!/^(con|prn|aux|nul|com\d|lpt\d)\./i.test(name))
        expect(checkStudyName(name)).toBe(name)
      }),
    )
  })
})

describe("a trial's folder", () => {
  it.each([
    ['trial', 3, 'trial_00003'],
    ['lr=1e-05,units=32', 0, 'lr=1e-05,units=32_00000'],
    ['../../etc/passwd', 1, '_.._etc_passwd_00001'],
    ['a b\tc\n', 2, 'a_b_c__00002'],
    ['...', 4, 'trial_00004'],
    ['', 5, 'trial_00005'],
    ['学', 6, '__00006'],
    ['x'.repeat(300), 7, `${'x'.repeat(100)}_00007`],
    ['big', 1_234_567, 'big_1234567'],
  ])('for the wish %j of trial %i is %s', (wish, index, name) => {
    expect(toDirectoryName(wish, index)).toBe(name)
  })

  it('is the name of one folder on any system, and of one trial, whatever the wish', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.nat({ max: 200_000 }),
        fc.nat({ max: 200_000 }),
        (wish, other, index, second) => {
          const name = toDirectoryName(wish, index)
          expect(name).toMatch(/^[a-zA-Z0-9_=,+-][a-zA-Z0-9_=,.+-]*_\d{5,}$/)
          expect(name.length).toBeLessThanOrEqual(107)
          if (index !== second) expect(toDirectoryName(other, second).toLowerCase()).not.toBe(name.toLowerCase())
        },
      ),
    )
  })
})

describe("a study's folder", () => {
  let storage: string
  beforeEach(() => {
    storage = mkdtempSync(join(tmpdir(), 'tunewright-storage-'))
  })
  afterEach(() => rmSync(storage, { recursive: true, force: true }))

  it('is made below the storage path, which is made, too', () => {
    const path = createStudyFolder(join(storage, 'a', 'b'), 'mnist')
    expect([path, statSync(path).isDirectory()]).toEqual([join(storage, 'a', 'b', 'mnist'), true])
    expect(createStudyFolder(join(storage, 'a', 'b'), 'mnist')).toBe(path)
  })

  it('is not made for a name that leads elsewhere', () => {
    expect(() => createStudyFolder(join(storage, 'a'), '../b')).toThrow(invalidName())
    expect([existsSync(join(storage, 'b')), readdirSync(storage)]).toEqual([false, []])
  })

  it('that cannot be made is STORAGE_UNAVAILABLE, with its path and what to do', () => {
    const file = join(storage, 'file')
    writeFileSync(file, '')
    expect(() => createStudyFolder(file, 'mnist')).toThrow(
      expect.objectContaining({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringMatching(/file\/mnist can't be made: ENOTDIR.*runConfig\.storagePath/),
      }),
    )
  })

  it('holds the journal, which may be named in its place', () => {
    expect([journalPath('/a/study'), journalPath('/a/study/'), journalPath(`/a/study/${JOURNAL_FILE}`)]).toEqual(
      Array.from({ length: 3 }, () => '/a/study/journal.jsonl'),
    )
  })
})
