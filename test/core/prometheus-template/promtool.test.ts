/**
 * The templates of rules against a judge that nobody here wrote: Prometheus itself, run offline by `promtool test rules` (Debian package
 * prometheus). Each template is rendered over random values; the annotations must be the same to the letter.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type QueryAnswer, templateOf } from '../../../core/prometheus-template/expand.ts'

const promtool = spawnSync('promtool', ['--version']).status === 0
if (!promtool) console.log('promtool is not installed (Debian package prometheus): Prometheus does not judge the templates in this run')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-templates-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const perValue = [
  '{{ $value }}',
  '{{ humanize $value }} {{ $value | humanize1024 }}',
  '{{ humanizeDuration $value }}',
  '{{ $value | humanizePercentage }}',
  '{{ printf "%.2f|%.0f|%f|%.3e|%g|%G|%v|%s|%d" $value $value $value $value $value $value $value $value $value }}',
  '{{ printf "%8.1f|%-9.2f|%+.1f|%08.2f|% .1f|%6v|%.4g|%#v" $value $value $value $value $value $value $value 5 }}',
  '{{ if gt $value 10.0 }}much{{ else if lt $value 0.0 }}below{{ else }}little{{ end }}',
  '{{ printf "%.3g" (print $value | humanize | len) }} {{ len (printf "%v" $value) }}',
]
const fixed = [
  'plain text, {braces} and a } too',
  '{{ $labels.instance }} {{ .Labels.job }} {{ $labels.absent }}|{{ index $labels "job" }}|{{ $labels }}',
  '{{ $externalLabels.region }} {{ .ExternalLabels }} {{ $externalURL }} {{ .ExternalURL }}',
  '{{ stripPort $labels.instance }} {{ stripDomain $labels.instance }} {{ stripPort "[::1]:80" }} {{ stripDomain "10.0.0.1:80" }} {{ stripDomain "db.example.com" }} {{ stripPort "no port" }}',
  '{{ toUpper "aé" }} {{ toLower "AÉ" }} {{ title "one two-three four_five six\'s" }} {{ safeHtml "<b>" }} {{ html "<b a=\'1\'>&" }} {{ urlquery "a b&c" }}',
  '{{ match "^we.*[0-9]$" "web-1" }} {{ match "b+" "abc" }} {{ match "x" "abc" }} {{ match "(?i)ABC" "xabcx" }}',
  '{{ reReplaceAll "([a-z]+)-(\\\\d+)" "$2:$1" "web-1 db-22" }}|{{ reReplaceAll "a*" "-" "baac" }}|{{ reReplaceAll "(?P<x>b)" "[$x]$xy" "abc" }}|{{ reReplaceAll "(.*):.*" "$1" $labels.instance }}',
  '{{ reReplaceAll "[^[:alnum:]]+" "_" "a-b c!d" }} {{ reReplaceAll "(a|ab)(c|bcd)(d*)" "<$1,$2,$3>" "abcd" }} {{ reReplaceAll "x{2,3}?" "y" "xxxxx" }} {{ reReplaceAll `\\bw` "W" "web two" }} {{ reReplaceAll "^|$" "|" "ab" }}',
  '{{ range $i, $x := query "up" | sortByLabel "instance" }}{{ $i }}={{ $x.Labels.instance }}:{{ $x.Value }};{{ end }}',
  '{{ with query "up" | sortByLabel "instance" | first }}{{ . | label "instance" }} {{ . | value }} {{ .Labels.job }}{{ end }}',
  '{{ with query "absent_metric" }}some{{ else }}none{{ end }} {{ range query "absent_metric" }}x{{ else }}empty{{ end }}',
  '{{ len (query "up") }} {{ printf "%.1f" (query "up{instance=\'b:9100\'}" | first | value) }} {{ query (printf "up{instance=%q}" "a:9100") | first | value | humanize }}',
  '{{ define "one" }}<{{ . }}>{{ end }}{{ template "one" $labels.job }}{{ template "one" 5 }}{{ define "two" }}{{ .arg0 }}+{{ .arg1 }}{{ end }}{{ template "two" (args 1 "b") }}',
  'a {{- " b " -}} c {{/* gone */}}{{- /* and blanks */ -}}\n d',
  '{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}',
  '{{ and "a" "" "b" }}|{{ or "" "c" }}|{{ not "" }}|{{ and true 0 }}|{{ or 0 "" }}',
  '{{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ ge 2.5 2.5 }} {{ le "a" "b" }}',
  '{{ print "a" 1 2 "b" 3.5 }} {{ print 1 2 }} {{ println "x" 1 }}',
  '{{ printf "%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%b|%c|%q|%t|%%|%s|%8s|%-8s|%.2s" 42 42 42 42 42 255 255 8 5 65 "a\\"b" true "s" "right" "left" "cut" }}',
  '{{ printf "%d" 1.5 }} {{ printf "%s" 5 }} {{ printf "%d" }} {{ printf "x" 1 "y" }} {{ printf "%z" 1 }} {{ printf "%!" }} {{ printf "%T %T %T" 1 1.5 "s" }}',
  '{{ humanizeTimestamp 1435065584.128 }} {{ humanizeTimestamp 0 }} {{ 1435065584 | humanizeTimestamp }}',
  '{{ humanize "1234567" }} {{ parseDuration "1h30m" }} {{ humanizeDuration (parseDuration "1d2h") }}',
  '{{ tableLink "up{job=\\"a\\"} > 0" }} {{ graphLink "a b*(c)" }}',
  '{{ 1e3 }} {{ 0x10 }} {{ 1.50 }} {{ -5 }} {{ \'a\' }} {{ `raw \\n` }} {{ "tab\\tx" }} {{ true }}',
  '{{ range $k, $v := $labels }}{{ $k }}={{ $v }},{{ end }}',
  '{{ range query "up" | sortByLabel "instance" }}{{ if eq .Labels.instance "b:9100" }}{{ break }}{{ end }}{{ .Labels.instance }}{{ end }}',
  '{{ slice "abcdef" 1 3 }} {{ len "é" }} {{ index (query "up" | sortByLabel "instance") 1 | value }}',
  '{{ with $labels.job }}{{ . }}{{ $labels.instance }}{{ end }}{{ with $x := "v" }}{{ $x }}{{ end }}',
]

const up = { 'a:9100': 1, 'b:9100': 0, 'web-1.example.com:9100': 1234567.5 }
const samples = Object.entries(up).map(([instance, value]) => ({ labels: { instance, job: 'node' }, value }))
const answers = new Map<string, QueryAnswer>([
  ['up', { samples }],
  ['absent_metric', { samples: [] }],
  ["up{instance='b:9100'}", { samples: samples.slice(1, 2) }],
  ['up{instance="a:9100"}', { samples: samples.slice(0, 1) }],
])
const labels = { instance: 'web-1.example.com:9100', job: 'node' }
const externalLabels = { region: 'eu', zone: 'b' }
const externalUrl = 'http://prom.example.com:9090/path'

const value = fc.oneof(
  fc.constantFrom(
    0,
    1,
    -1,
    0.5,
    1234.5,
    0.125,
    1e6,
    999999,
    123456789,
    1e-5,
    0.0001,
    1023.9,
    86399.9,
    3600,
    2.5,
    1000,
    0.00099995,
    59.99999,
  ),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => Math.abs(one) < 9e15),
  fc.integer({ min: -10_000_000, max: 10_000_000 }),
)

function rendered(template: string, number: number): string {
  const result = templateOf(template)({ labels, value: number, externalLabels, externalUrl, answers })
  if (result.kind !== 'text') throw new Error(`${template}: ${JSON.stringify(result)}`)
  return result.text
}

test.runIf(promtool)('every template renders what Prometheus renders', { timeout: 120_000 }, () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`templates under promtool: seed ${seed}`)
  const values = fc.sample(value, { seed, numRuns: 60 }).map((one) => (Object.is(one, -0) ? 0 : one))
  const cases = [...values.map((number) => ({ number, templates: perValue })), { number: 7, templates: fixed }]
  const rules = cases.map(({ templates, number }, index) => ({
    alert: `alert_${index}`,
    expr: `subject == ${number} or subject{} * 0 + ${number}`,
    annotations: Object.fromEntries(templates.map((template, at) => [`a${at}`, template])),
  }))
  writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'g', rules }] }))
  const expected = cases.map(({ templates, number }, index) => ({
    eval_time: '1m',
    alertname: `alert_${index}`,
    exp_alerts: [
      { exp_labels: labels, exp_annotations: Object.fromEntries(templates.map((template, at) => [`a${at}`, rendered(template, number)])) },
    ],
  }))
  const series = [
    ...Object.entries(up).map(([instance, number]) => ({ series: `up{instance="${instance}",job="node"}`, values: `${number}x5` })),
    { series: 'subject{instance="web-1.example.com:9100",job="node"}', values: '1x5' },
  ]
  const file = {
    interval: '1m',
    external_labels: externalLabels,
    external_url: externalUrl,
    input_series: series,
    alert_rule_test: expected,
  }
  writeFileSync(join(folder, 'test.yml'), stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests: [file] }))
  const judged = spawnSync('promtool', ['test', 'rules', 'test.yml'], { cwd: folder, encoding: 'utf8' })
  expect(differences(`${judged.stdout}${judged.stderr}`)).toEqual([])
  expect(judged.status).toBe(0)
})

/** Of promtool's two lists only the annotations that differ. */
function differences(output: string): string[] {
  if (output.includes('SUCCESS')) return []
  const lists = [...output.matchAll(/Annotations:\{(.*)\}/g)].map(([, inside = '']) => inside.split(/, (?=a\d+=")/))
  const different: string[] = []
  for (let at = 0; at + 1 < lists.length; at += 2) {
    for (const [index, expected] of (lists[at] ?? []).entries()) {
      const got = lists[at + 1]?.[index] ?? ''
      if (got !== expected) different.push(`ours ${expected}   Prometheus ${got}`)
    }
  }
  return different.length > 0 ? different : [output.slice(0, 3_000)]
}
