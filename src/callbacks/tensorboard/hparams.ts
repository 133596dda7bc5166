import { pluginValue } from './event-records.js'
import type { Parameter, ParameterType, ParameterValue } from './parameters.js'
import { ProtoWriter } from './proto-writer.js'

const plugin = 'hparams'

/** What the tags of the plug-in begin with. */
export const hparamsPrefix = '_hparams_/'

/** Numbers of `DataType` in TensorBoard's `plugins/hparams/api.proto`. */
const dataType: Readonly<Record<ParameterType, number>> = { string: 1, boolean: 2, number: 3 }

/** Numbers of `Status` there. */
const sessionStatus = { success: 1, failure: 2 } as const

/** What the plug-in knows of a whole study. */
export interface Experiment {
  readonly name: string
  /** When it began, in milliseconds since 1970-01-01 UTC. */
  readonly createdMs: number
  readonly parameters: readonly Parameter[]
  /** Tags of the scalars that are to be columns, with what is to be said of them. */
  readonly metrics: readonly { readonly tag: string; readonly description: string }[]
}

/** The summary value that describes a study, for the run of the study's own folder. */
export function experimentValue({ name, createdMs, parameters, metrics }: Experiment): Uint8Array {
  const experiment = new ProtoWriter().double(3, createdMs / 1000)
  for (const parameter of parameters) experiment.message(4, parameterInfo(parameter))
  for (const { tag, description } of metrics)
    experiment.message(5, new ProtoWriter().message(1, new ProtoWriter().string(2, tag)).string(4, description))
  experiment.string(6, name)
  return pluginValue(`${hparamsPrefix}experiment`, plugin, new ProtoWriter().message(2, experiment))
}

/** The summary value that begins a trial. @param group - trials of the same group are shown as one, with the mean of their metrics */
export function sessionStartValue(
  values: readonly (readonly [path: string, value: ParameterValue])[],
  group: string,
  startMs: number,
): Uint8Array {
  const info = new ProtoWriter()
  for (const [path, value] of values) info.message(1, new ProtoWriter().string(1, path).message(2, protoValue(value)))
  info.string(4, group).double(5, startMs / 1000)
  return pluginValue(`${hparamsPrefix}session_start_info`, plugin, new ProtoWriter().message(3, info))
}

/** The summary value that ends a trial. */
export function sessionEndValue(status: keyof typeof sessionStatus, endMs: number): Uint8Array {
  const info = new ProtoWriter().varint(1, sessionStatus[status]).double(2, endMs / 1000)
  return pluginValue(`${hparamsPrefix}session_end_info`, plugin, new ProtoWriter().message(4, info))
}

function parameterInfo({ path, type, domain }: Parameter): ProtoWriter {
  const info = new ProtoWriter().string(1, path).varint(4, dataType[type])
  if (domain !== undefined && 'lower' in domain)
    info.message(6, new ProtoWriter().double(1, domain.lower).double(2, domain.upper))
  else if (domain !== undefined) {
    const list = new ProtoWriter()
    for (const value of domain) list.message(1, protoValue(value))
    info.message(5, list)
  }
  // it differs between trials: TensorBoard shows the others only when asked
  return info.varint(7, 1)
}

/** A `google.protobuf.Value`. */
function protoValue(value: ParameterValue): ProtoWriter {
  switch (typeof value) {
    case 'number':
      return new ProtoWriter().double(2, value)
    case 'string':
      return new ProtoWriter().string(3, value)
    case 'boolean':
      return new ProtoWriter().varint(4, value ? 1 : 0)
  }
}
