/**
 * The launcher of every npm script: runs on any Node from 20 on with nothing installed, installs what is missing and
 * hands over to Node 24 from node_modules. Plain JavaScript, no dependencies; never does the command's work itself.
 * Read next: up/main.ts, test.ts, demo/main.ts.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const binaries = join(root, 'node_modules', '.bin')
const lockFile = join(root, 'package-lock.json')
const stampFile = join(root, 'node_modules', '.tocsin-installed')
/** Where Node keeps what it made of the TypeScript: a process starts in half the time. It goes with the packages. */
const compileCache = join(root, 'node_modules', '.cache', 'compile')
const commands = {
  up: 'cli/up/main.ts',
  test: 'cli/test.ts',
  demo: 'cli/demo/main.ts',
  bench: 'bench/main.ts',
  chaos: 'bench/chaos/main.ts',
}
const nodeMajorMin = 20

process.exitCode = await main(process.argv[2], process.argv.slice(3))

/** The exit code of the command. */
async function main(name, args) {
  const script = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
  if (script === undefined) return fail(`Usage: node cli/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`)
  const major = Number(process.versions.node.split('.')[0])
  if (major < nodeMajorMin) {
    return fail(`Node ${process.versions.node} is too old: install Node ${nodeMajorMin} or newer from https://nodejs.org and start again.`)
  }
  const missing = missingPackages()
  if (missing !== null) {
    const code = await install(missing)
    if (code !== 0) return code
  }
  const node = findNode(major)
  if (node === null) {
    return fail(
      `npm did not bring Node 24 (package \`node\`; were install scripts turned off?): run \`npm rebuild node\`, or start with Node 24.`,
    )
  }
  return run(node, [join(root, script), ...args], {
    PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compileCache,
  })
}

/** Why an install is due, in words; null if what npm says is installed is what the lock file asks for. */
function missingPackages() {
  const wanted = readPackages(lockFile)
  // npm writes this file last, so an install that was cut off hasn't got it.
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (installed === null) return 'no packages are installed yet'
  if (wanted === null || readStamp() === digestOf(lockFile)) return null
  const differs = Object.entries(wanted).filter(([path, entry]) => {
    if (path === '') return false
    // Packages for other systems are left out by npm.
    if (installed[path] === undefined) return entry.optional !== true
    return installed[path].version !== entry.version
  })
  return differs.length === 0 ? null : `package-lock.json changed (${differs.length} packages differ)`
}

/** The lock file that the last install by this launcher satisfied as well as npm could. */
function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null
}

function digestOf(file) {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : ''
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

/** `npm ci`; where the lock file lacks packages of this system, which `npm ci` refuses, an install that adds them. */
async function install(reason) {
  say(`Installing npm packages: ${reason}. This takes a minute or two, once.`)
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  let result = await npm(['ci', ...quiet])
  if (/in sync|Missing: .* from lock file/.test(result.errors)) {
    say('  package-lock.json has no entry for some package of this system: installing that as well.')
    result = await npm(['install', '--no-save', ...quiet])
  }
  if (result.code === null) return fail('npm was not found: install it (it comes with Node, https://nodejs.org) and start again.')
  if (result.code !== 0) return fail(`${result.errors.trim()}\nnpm could not install the packages: see above.`)
  writeFileSync(stampFile, digestOf(lockFile))
  return 0
}

/** `code: null` = there is no npm. */
async function npm(args) {
  const viaNode = process.env.npm_execpath?.endsWith('.js') && existsSync(process.env.npm_execpath)
  const [command, first] = viaNode ? [process.execPath, [process.env.npm_execpath]] : ['npm', []]
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  const progress = setInterval(() => say(`  … still installing, ${seconds()} s`), 10_000)
  const result = await new Promise((resolve) => {
    let errors = ''
    const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'pipe'] })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.once('error', () => resolve({ code: null, errors }))
    child.once('close', (code) => resolve({ code: code ?? 1, errors }))
  })
  clearInterval(progress)
  if (result.code === 0) say(`Installed in ${seconds()} s.`)
  return result
}

/** Node 24 of the `node` package; else this very Node, if it is new enough to run TypeScript. */
function findNode(major) {
  const own = join(binaries, 'node')
  if (existsSync(own)) return own
  return major >= 24 ? process.execPath : null
}

/** Runs until the command ends; signals go on to it, and its end is this process's end. */
async function run(command, args, environment) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(fail(`${command} could not be run: ${error.message}`)))
    // 128 + number is how shells tell of a signal.
    child.once('exit', (code, signal) => resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0)))
  })
}

function say(line) {
  console.error(line)
}

function fail(line) {
  say(line)
  return 1
}
