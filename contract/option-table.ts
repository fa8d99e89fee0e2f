/**
 * Every option of a monitor as people fill it in: what it is called, what it means, what holds where it is left out. The compiler wants an
 * entry for each. Never checks a value: options.ts does. Read next: options.ts, docs/semantics.md.
 */
import type { MonitorOptions } from './options.ts'

export const optionGroups = ['Evaluation', 'Missing data', 'Notifications', 'Stored only'] as const
export type OptionGroup = (typeof optionGroups)[number]

/** How a value is filled in. `json`: as it is written in a file. */
export type OptionKind =
  | Readonly<{ is: 'number'; unit: 'seconds' | 'minutes' | 'hours' | '' }>
  | Readonly<{ is: 'flag' }>
  | Readonly<{ is: 'text'; example: string }>
  | Readonly<{ is: 'choice'; choices: readonly string[] }>
  | Readonly<{ is: 'list'; choices: readonly string[] | null; example: string }>
  | Readonly<{ is: 'json'; example: string }>

/** `standard`: what holds without it, as words. */
export type OptionEntry = Readonly<{ label: string; group: OptionGroup; kind: OptionKind; standard: string; meaning: string }>

const number = (unit: 'seconds' | 'minutes' | 'hours' | '' = ''): OptionKind => ({ is: 'number', unit })
const flag: OptionKind = { is: 'flag' }
const json = (example: string): OptionKind => ({ is: 'json', example })
const choice = (...choices: readonly string[]): OptionKind => ({ is: 'choice', choices })
const stored = (label: string, kind: OptionKind, meaning: string): OptionEntry => ({
  label,
  group: 'Stored only',
  kind,
  standard: 'none',
  meaning: `${meaning} Stored and given back; it changes nothing here.`,
})

export const optionTable: Readonly<Record<keyof MonitorOptions, OptionEntry>> = {
  thresholds: {
    label: 'Thresholds',
    group: 'Evaluation',
    kind: json('{"critical": 90, "warning": 80}'),
    standard: 'the number in the query',
    meaning: 'When a value is bad, when it is worth a warning, and when it has recovered.',
  },
  interval: {
    label: 'Evaluated every',
    group: 'Evaluation',
    kind: number('seconds'),
    standard: '60 s; 10 min for windows from a day on, 30 min from two days on',
    meaning: 'Time between two evaluations.',
  },
  hold: {
    label: 'Hold before it gets worse',
    group: 'Evaluation',
    kind: number('seconds'),
    standard: '0: at once',
    meaning: 'A threshold must be crossed for so long before the state gets worse.',
  },
  keep_firing: {
    label: 'Keep firing before it recovers',
    group: 'Evaluation',
    kind: number('seconds'),
    standard: '0: at once',
    meaning: 'A value must be fine for so long before the state gets better.',
  },
  evaluation_delay: {
    label: 'Read data late by',
    group: 'Evaluation',
    kind: number('seconds'),
    standard: '0',
    meaning: 'For data that arrives late: what is newer isn’t looked at.',
  },
  new_group_delay: {
    label: 'New groups wait',
    group: 'Evaluation',
    kind: number('seconds'),
    standard: '60',
    meaning: 'A group that appears later isn’t judged before.',
  },
  require_full_window: {
    label: 'Require a full window',
    group: 'Evaluation',
    kind: flag,
    standard: 'off',
    meaning: 'Groups whose window has gaps aren’t judged.',
  },
  datasource: {
    label: 'Source',
    group: 'Evaluation',
    kind: { is: 'text', example: 'prometheus' },
    standard: 'the tag datasource:NAME, else the default of the type',
    meaning: 'Which source is asked, by its name.',
  },
  variables: {
    label: 'Variables of a formula',
    group: 'Evaluation',
    kind: json('[{"data_source": "metrics", "name": "a", "query": "avg:system.load.1{*}"}]'),
    standard: 'none',
    meaning: 'What the names in formula("…") stand for.',
  },
  scheduling_options: {
    label: 'Schedule and calendar',
    group: 'Evaluation',
    kind: json('{"evaluation_window": {"day_starts": "04:00", "timezone": "Europe/Berlin"}}'),
    standard: 'the interval; hours, days and months of UTC',
    meaning: 'Set times of evaluation, and where windows such as current_1d begin.',
  },
  on_evaluation_error: {
    label: 'When the source fails',
    group: 'Evaluation',
    kind: choice('keep', 'show_unknown', 'alert'),
    standard: 'keep: the state stays as it is',
    meaning: 'What an evaluation that failed does to the groups.',
  },
  on_missing_data: {
    label: 'When data is missing',
    group: 'Missing data',
    kind: choice('default', 'show_no_data', 'show_and_notify_no_data', 'resolve'),
    standard: 'No Data is shown and not told',
    meaning: 'What becomes of a group without data. Stands in place of the next two.',
  },
  notify_no_data: {
    label: 'Tell missing data',
    group: 'Missing data',
    kind: flag,
    standard: 'off',
    meaning: 'The older form: a group without data is told.',
  },
  no_data_timeframe: {
    label: 'Missing after',
    group: 'Missing data',
    kind: number('minutes'),
    standard: 'twice the window',
    meaning: 'With the older form: how long a group may be without data.',
  },
  timeout_h: {
    label: 'Resolve after',
    group: 'Missing data',
    kind: number('hours'),
    standard: '0: never',
    meaning: 'A group that isn’t OK and has had no data for so long becomes OK.',
  },
  group_retention_duration: {
    label: 'Forget groups after',
    group: 'Missing data',
    kind: { is: 'text', example: '24h' },
    standard: '24h',
    meaning: 'A group without data for so long leaves the monitor: 1h to 72h.',
  },
  renotify_interval: {
    label: 'Repeat every',
    group: 'Notifications',
    kind: number('minutes'),
    standard: '0: never',
    meaning: 'What is still bad is told again after so long.',
  },
  renotify_occurrences: {
    label: 'Repeat at most',
    group: 'Notifications',
    kind: number(),
    standard: 'without end',
    meaning: 'How often a state is told again.',
  },
  renotify_statuses: {
    label: 'Repeat these states',
    group: 'Notifications',
    kind: { is: 'list', choices: ['alert', 'warn', 'no data'], example: 'alert, no data' },
    standard: 'alert, no data',
    meaning: 'Which states are told again.',
  },
  escalation_message: {
    label: 'Message of repeats',
    group: 'Notifications',
    kind: { is: 'text', example: 'Still bad. @pagerduty-core' },
    standard: 'none',
    meaning: 'Is added to the message of each repeat.',
  },
  notify_by: {
    label: 'Tell groups together by',
    group: 'Notifications',
    kind: { is: 'list', choices: null, example: 'host, or *' },
    standard: 'each group on its own',
    meaning: 'Groups with the same values of these keys are one notification; * is all in one.',
  },
  include_tags: {
    label: 'Group in the title',
    group: 'Notifications',
    kind: flag,
    standard: 'on',
    meaning: 'Whether a title names the group.',
  },
  notification_preset_name: {
    label: 'Parts of a message',
    group: 'Notifications',
    kind: choice(
      'show_all',
      'hide_query',
      'hide_handles',
      'hide_all',
      'hide_query_and_handles',
      'show_only_snapshot',
      'hide_handles_and_footer',
    ),
    standard: 'show_all',
    meaning: 'Which parts of a message are shown.',
  },
  flapping: {
    label: 'Flapping',
    group: 'Notifications',
    kind: json('{"low": 25, "high": 50}'),
    standard: 'nobody looks',
    meaning: 'A group that changes too often is told once, and when it has settled: percent of the last 21 evaluations with a change.',
  },
  inhibited_by: {
    label: 'Held while others fire',
    group: 'Notifications',
    kind: json('[{"monitor_id": 1001, "equal": ["host"]}]'),
    standard: 'nothing holds it',
    meaning: 'Other monitors that hold its notifications while they fire.',
  },
  silenced: {
    label: 'Mutes',
    group: 'Notifications',
    kind: json('{"host:a": null}'),
    standard: 'none',
    meaning: 'Scopes that are muted, with their ends in epoch seconds; null until unmuted.',
  },
  prometheus: {
    label: 'Rule of Prometheus',
    group: 'Notifications',
    kind: json('{"file": "shop.yml", "group": "shop", "order": 0}'),
    standard: 'it is none',
    meaning: 'Labels and annotations of the rule that it was imported from.',
  },
  notify_audit: stored('Tell of changes', flag, 'Tells people when the definition changes.'),
  new_host_delay: stored('New hosts wait', number('seconds'), 'Grace of new hosts, older than “New groups wait”.'),
  threshold_windows: stored(
    'Windows of anomalies',
    json('{"trigger_window": "last_15m", "recovery_window": "last_15m"}'),
    'Of Datadog’s anomaly monitors.',
  ),
  min_failure_duration: stored('Failing for', number('seconds'), 'Of synthetic tests.'),
  min_location_failed: stored('Failing locations', number(), 'Of synthetic tests.'),
  synthetics_check_id: stored('Synthetic test', { is: 'text', example: 'abc-def' }, 'Of synthetic tests.'),
  device_ids: stored('Devices', { is: 'list', choices: null, example: 'laptop_large' }, 'Of synthetic tests.'),
  aggregation: stored('Aggregation', json('{}'), 'Of Datadog’s older searches.'),
  groupby_simple_monitor: stored('Groups told as one', flag, 'Of Datadog’s searches.'),
  enable_logs_sample: stored('Samples of logs', flag, 'Adds entries to messages at Datadog; here a message names them.'),
  avalanche_window: stored('Avalanche window', number(), 'Of data quality.'),
  restriction_query: stored('Restricted to', { is: 'text', example: 'team:core' }, 'Of Datadog’s access rules.'),
  queryConfig: stored('Configuration of the query', json('{}'), 'Of Datadog’s own page.'),
  locked: stored('Locked', flag, 'An older word for restricted roles.'),
}
