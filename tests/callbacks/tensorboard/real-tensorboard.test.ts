import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TensorBoardCallback } from '../../../src/callbacks/tensorboard/tensorboard-callback.js'
import { FakeStudy } from '../fake-study.js'

/** A Python that has TensorBoard, if there is one: `python3`, or what `TENSORBOARD_PYTHON` names. */
const python = process.env.TENSORBOARD_PYTHON ?? 'python3'
const isThere = spawnSync(python, ['-c', 'import tensorboard']).status === 0

const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata
from tensorboard.util import tensor_util
from google.protobuf import json_format

def load(run):
    events = EventAccumulator(sys.argv[1] + '/' + run)
    events.Reload()
    return events

def content(events, tag):
    return events.SummaryMetadata(tag).plugin_data.content

def number(event):
    return [event.step, round(event.wall_time, 3), repr(float(event.value))]

study, trial = load('.'), load('trial_00000')
start = metadata.parse_session_start_info_plugin_data(content(trial, metadata.SESSION_START_INFO_TAG))
print(json.dumps({
    'experiment': json_format.MessageToDict(metadata.parse_experiment_plugin_data(content(study, metadata.EXPERIMENT_TAG))),
    'start': json_format.MessageToDict(start),
    'end': json_format.MessageToDict(metadata.parse_session_end_info_plugin_data(content(trial, metadata.SESSION_END_INFO_TAG))),
    'loss': [number(event) for event in trial.Scalars('loss')],
    'config': tensor_util.make_ndarray(trial.Tensors('config')[0].tensor_proto).item().decode(),
}))
`

let path: string

beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'tensorboard-'))
})

afterAll(() => rmSync(path, { recursive: true, force: true }))

describe("TensorBoard's own reader", () => {
  it.skipIf(!isThere)('reads what is written (needs the Python package tensorboard)', { timeout: 60_000 }, async () => {
    const callback = new TensorBoardCallback({ host: 'box' })
    const space = {
      object: {
        act: { domain: 'choice', values: [{ constant: 'relu' }, { constant: 'tanh' }] },
        lr: { domain: 'loguniform', lower: 0.5, upper: 1 },
      },
    }
    const study = new FakeStudy({ path, metric: 'loss', mode: 'min', space, callbacks: [callback] })
    await callback.onStudyStart(study)
    const trial = study.start({ act: 'relu', lr: 0.75 })
    study.report(trial, { loss: 0.5 })
    study.report(trial, { loss: Number.NaN })
    study.end(trial)
    await callback.onStudyEnd(study)
    const start = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000
    const read = JSON.parse(
      execFileSync(python, ['-c', script, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
    expect(read).toEqual({
      experiment: {
        name: 'demo',
        timeCreatedSecs: start,
        hparamInfos: [
          { name: 'act', type: 'DATA_TYPE_STRING', domainDiscrete: ['relu', 'tanh'], differs: true },
          { name: 'lr', type: 'DATA_TYPE_FLOAT64', domainInterval: { minValue: 0.5, maxValue: 1 }, differs: true },
        ],
        metricInfos: [{ name: { tag: 'loss' }, description: 'minimized by the study' }],
      },
      start: { hparams: { act: 'relu', lr: 0.75 }, groupName: 'demo_00000', startTimeSecs: start },
      end: { status: 'STATUS_SUCCESS', endTimeSecs: start + 2 },
      loss: [
        [1, start + 1, '0.5'],
        [2, start + 2, 'nan'],
      ],
      config: '    {\n      "act": "relu",\n      "lr": 0.75\n    }',
    })
  })
})
