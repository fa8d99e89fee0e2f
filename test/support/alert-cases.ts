/**
 * What a generator of alerts has to get right, as a rule file and the data of some seconds: the cases that Prometheus' own compliance tests of
 * alert generators name, with seconds in the place of minutes. `Clock` always fires, and so tells when its group was evaluated.
 */
import type { Sample } from '../../core/prometheus-template/alert-series.ts'

const clock = (of: string) => ({ alert: 'Clock', expr: 'vector(1)', labels: { of } })
const series = (name: string, variant = ''): string => `cases{of="${name}"${variant === '' ? '' : `,variant="${variant}"`}}`

export const caseRules = {
  groups: [
    {
      name: 'PendingFiringResolved',
      interval: '1s',
      rules: [
        {
          alert: 'Simple',
          expr: `${series('simple')} > 10`,
          for: '3s',
          labels: { foo: 'bar', group: 'first' },
          annotations: { description: 'it fires', summary: 'at {{$value}}, or {{.Value}}' },
        },
        {
          alert: 'Kept',
          expr: `${series('kept')} > 10`,
          keep_firing_for: '3s',
          labels: { level: '{{ if gt $value 14.0 }}high{{ else }}low{{ end }}' },
        },
        clock('PendingFiringResolved'),
      ],
    },
    {
      name: 'PendingOnly',
      interval: '1s',
      rules: [
        { alert: 'Pending', expr: `${series('pending')} > 10`, for: '3s', labels: { foo: 'bar' } },
        { alert: 'Inactive', expr: `${series('pending')} > 99`, for: '3s', labels: { ba: 'dum' } },
        clock('PendingOnly'),
      ],
    },
    {
      name: 'NewAlertsInOrder',
      interval: '1s',
      rules: [
        { alert: 'Variants', expr: `${series('variants')} > 10`, for: '2s', labels: { foo: 'bar' } },
        {
          alert: 'Both',
          expr: ['one', 'two']
            .map((variant) => `ALERTS{alertname="Variants",alertstate="firing",foo="bar",variant="${variant}"}`)
            .join(' + ignoring (variant) ')
            .concat(' == 2'),
          labels: { foo: 'baz', more: 'yes' },
          // Templates see the labels of the query, also where the rule has its own of that name.
          annotations: { description: 'was {{ $labels.alertname }}, foo was {{ .Labels.foo }}' },
        },
        clock('NewAlertsInOrder'),
      ],
    },
    {
      name: 'ZeroAndSmallFor',
      interval: '2s',
      rules: [
        {
          alert: 'ZeroFor',
          expr: `${series('for')} > 10`,
          labels: { foo: 'bar' },
          annotations: {
            numbers: '{{ humanize 1234567 }} {{ humanize1024 2097152 }} {{ humanizeDuration 246.25 }} {{ humanizePercentage 0.123 }}',
            time: '{{ humanizeTimestamp 1700000000 }}',
            defined:
              '{{ define "t" }}{{ .arg0 }}-{{ .arg1 }}: {{ range query "cases{of=\'asked\'}" | sortByLabel "id" }}{{ .Labels.id }}={{ .Value }},{{ end }}{{ end }}{{ template "t" (args "a" 7) }}',
          },
        },
        {
          alert: 'SmallFor',
          expr: `${series('for')} > 13`,
          for: '1s',
          annotations: {
            texts: '{{ title "one two" }} {{ toUpper "up" }} {{ toLower "DOWN" }} {{ stripPort "[::1]:80" }} {{ parseDuration "1h5m" }}',
            matched: '{{ if match "^[a-z]+$" "abc" }}{{ reReplaceAll "b(.)" "<$1>" "abcd" }}{{ end }}',
          },
        },
        clock('ZeroAndSmallFor'),
      ],
    },
  ],
}

/** A value each second; null = the series ends. */
const timelines: readonly Readonly<{ labels: Readonly<Record<string, string>>; values: readonly (number | null)[] }>[] = [
  { labels: { of: 'simple' }, values: [3, 5, 11, 9, 11, 11, 12, 12, 12, 11, 9, 9, 9, 9] },
  { labels: { of: 'kept' }, values: [1, 15, 9, 15, 9, 9, 9, 9, 11, 9, 9, 9, 9, 9] },
  { labels: { of: 'pending' }, values: [5, 11, 11, 9, 9, 12, 12, 9, 9, 9, 9, 9, 9, 9] },
  { labels: { of: 'variants', variant: 'one' }, values: [1, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 9, 9, 9] },
  { labels: { of: 'variants', variant: 'two' }, values: [1, 1, 1, 1, 11, 11, 11, 11, 11, 11, 9, 9, 9, 9] },
  { labels: { of: 'for' }, values: [3, 3, 15, 15, 15, 15, 9, 9, 11, 11, null, null, null, null] },
  { labels: { of: 'asked', id: '1' }, values: [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2] },
  { labels: { of: 'asked', id: '2' }, values: [4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8] },
]

export const caseMs = 14_000

/** In order of their times, as remote write wants them. */
export function caseSamples(fromMs: number): Sample[] {
  const samples = timelines.flatMap(({ labels, values }) =>
    values.map((value, second): Sample => ({ labels: { __name__: 'cases', ...labels }, atMs: fromMs + second * 1_000, value })),
  )
  return samples.toSorted((one, other) => one.atMs - other.atMs)
}
