/** A remote write request of Prometheus' protocol 0.1.0: protobuf, packed by Snappy. Read next: writer.ts. */
import protobuf from 'protobufjs/minimal.js'
import snappy from 'snappyjs'
import { type Sample, sortedLabels } from '../../core/prometheus-template/alert-series.ts'

export const writeHeaders = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
} as const

/** Numbers of fields, shifted by the kind of what follows, as protobuf writes them. */
const tags = { series: 10, label: 10, sample: 18, name: 10, value: 18, double: 9, timestamp: 16 } as const

/** One NaN among many means that a series ends; JavaScript would write another. */
const stale = { low: 0x0000_0002, high: 0x7ff0_0000 } as const

export function packedRequest(samples: readonly Sample[]): Uint8Array {
  const writer = protobuf.Writer.create()
  for (const sample of samples) writeSeries(writer.uint32(tags.series).fork(), sample).ldelim()
  return snappy.compress(writer.finish())
}

function writeSeries(writer: protobuf.Writer, { labels, atMs, value }: Sample): protobuf.Writer {
  for (const [name, text] of sortedLabels(labels)) {
    writer.uint32(tags.label).fork().uint32(tags.name).string(name).uint32(tags.value).string(text).ldelim()
  }
  writer.uint32(tags.sample).fork().uint32(tags.double)
  if (value === null) writer.fixed32(stale.low).fixed32(stale.high)
  else writer.double(value)
  return writer.uint32(tags.timestamp).int64(atMs).ldelim()
}
