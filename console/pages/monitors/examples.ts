/** First monitors to choose from: each works on a machine that has nothing but `npm start`, whose sampler pushes `system.*`. */
export type Example = Readonly<{
  title: string
  about: string
  definition: Readonly<{ type: string; name: string; query: string; message: string; tags: readonly string[]; options: object }>
}>

/** `origin`: where this console is. `secret`: what nobody guesses. */
export const examplesOf = ({ origin, secret }: Readonly<{ origin: string; secret: string }>): readonly Example[] => [
  {
    title: 'A machine is busy',
    about: 'The load of each host over five minutes, from what is pushed to Tocsin.',
    definition: {
      type: 'query alert',
      name: 'Load of {{host.name}} is high',
      query: 'avg(last_5m):avg:system.load.1{*} by {host} > 8',
      message:
        '{{#is_alert}}The load of {{host.name}} is {{value}}.{{/is_alert}}{{#is_recovery}}{{host.name}} has room again.{{/is_recovery}} @log',
      tags: ['service:host'],
      options: { thresholds: { critical: 8, critical_recovery: 6 } },
    },
  },
  {
    title: 'A web page answers',
    about: 'Asked by Tocsin itself every minute; here its own health page.',
    definition: {
      type: 'http alert',
      name: 'Tocsin answers',
      query: `http("${origin}/health").failed() > 0`,
      message: '{{#is_alert}}The page doesn’t answer as it should.{{/is_alert}}{{#is_recovery}}It answers again.{{/is_recovery}} @log',
      tags: ['service:tocsin'],
      options: {},
    },
  },
  {
    title: 'A job runs each night',
    about: 'The job calls an address when it is done; no call in time is an alert.',
    definition: {
      type: 'heartbeat alert',
      name: 'Nightly export has run',
      query: `heartbeat("nightly-export-${secret}").every("1d").grace("1h")`,
      message: '{{#is_alert}}The nightly export has not reported.{{/is_alert}} @log',
      tags: ['service:export'],
      options: {},
    },
  },
]
