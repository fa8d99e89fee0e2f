/** The scripts of three shells. Pure. Read next: command.ts. */

type Word = Readonly<{ word: string; description: string }>
export type Node = Readonly<{ path: readonly string[]; commands: readonly Word[]; options: readonly Word[] }>

const pathOf = ({ path }: Node): string => path.map((word) => ` ${word}`).join('')
const wordsOf = (words: readonly Word[]): string => words.map(({ word }) => word).join(' ')

/** Files are completed where a command takes more than options. */
export function bashScript(nodes: readonly Node[]): string {
  return `# tocsin: source <(tocsin completion bash)
_tocsin() {
  local word path="" current="\${COMP_WORDS[COMP_CWORD]}" words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${nodes
        .filter(({ path }) => path.length > 0)
        .map((node) => `"${pathOf(node)}"`)
        .join(' | ')}) path="$path $word" ;;
    esac
  done
  case "$path" in
${nodes.map((node) => `    "${pathOf(node)}") words="${[wordsOf(node.commands), wordsOf(node.options)].filter((text) => text !== '').join(' ')}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tocsin tocsin`
}

/** zsh runs scripts of bash. */
export function zshScript(nodes: readonly Node[]): string {
  return `#compdef tocsin
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bashScript(nodes)}`
}

export function fishScript(nodes: readonly Node[]): string {
  const lines = nodes.flatMap((node) => {
    const at = `-n '__tocsin_at "${pathOf(node).trim()}"'`
    const commands = node.commands.map(({ word, description }) => `complete -c tocsin -f ${at} -a ${word} -d ${quoted(description)}`)
    const options = node.options.map(({ word, description }) => `complete -c tocsin ${at} -l ${word.slice(2)} -d ${quoted(description)}`)
    return [...commands, ...options]
  })
  return `# tocsin: tocsin completion fish | source
function __tocsin_at
  set -l words (commandline -opc)[2..-1]
  set -l path
  for word in $words
    if not string match -q -- '-*' $word
      set -a path $word
    end
  end
  set -l wanted (string split -n ' ' -- $argv[1])
  test (count $wanted) -eq 0; and test (count $path) -eq 0; and return 0
  test (count $wanted) -gt 0; and test (count $path) -ge (count $wanted); and test "$path[1..(count $wanted)]" = "$wanted"
end
${lines.join('\n')}`
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
