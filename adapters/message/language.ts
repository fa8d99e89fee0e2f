import Handlebars from 'handlebars'

/** As much as a definition's message may have; anything longer didn't come through the API. */
const templateCharactersMax = 100_000
/** The parser's time grows with the square of what is open: 16,000 blocks took a minute, 1,000 take less than a tenth of a second. */
const bracesMax = 1_000
/** One name or call between braces; the parser's time grows with the square of nested calls, too. Comments may be longer. */
const betweenBracesMax = 1_000
/** Blocks inside blocks: more than anybody reads, and few enough for recursive code. */
const nestingMax = 50

/** Holds a text against the bounds within which it may be parsed. Throws an Error that says which one it breaks. */
export function refuseHuge(text: string): void {
  if (text.length > templateCharactersMax) throw new Error(`it is longer than ${templateCharactersMax} characters`)
  const opened = text.split('{{').slice(1)
  if (opened.length > bracesMax) throw new Error(`it has more than ${bracesMax} names and blocks`)
  const long = opened.some((part) => !part.startsWith('!') && part.split('}}', 1).join('').length > betweenBracesMax)
  if (long) throw new Error(`more than ${betweenBracesMax} characters stand between {{ and }}`)
}

/**
 * Holds a parsed template against the message language: names and blocks, nothing that repeats, defines or calls, so that the output
 * is linear in the text and the context. Helpers (eval, is_match, …) are to be let in here, by name.
 * Throws an Error that says what is wrong and in which line.
 */
export function refuseForeign(program: hbs.AST.Program): void {
  const visitor = new Handlebars.Visitor()
  const block = visitor.BlockStatement.bind(visitor)
  let depth = 0

  visitor.BlockStatement = (node) => {
    refuseCall(node)
    depth += 1
    if (depth > nestingMax) throw new Error(`blocks are nested deeper than ${nestingMax} in line ${node.loc.start.line}`)
    block(node)
    depth -= 1
  }
  visitor.MustacheStatement = refuseCall
  visitor.PartialStatement = refuse('partials are')
  visitor.PartialBlockStatement = refuse('partials are')
  visitor.Decorator = refuse('decorators are')
  visitor.DecoratorBlock = refuse('decorators are')
  visitor.accept(program)
}

function refuseCall(node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement): void {
  if (node.params.length === 0 && node.hash === undefined && node.path.type === 'PathExpression') return
  const name = 'original' in node.path ? String(node.path.original) : node.path.type
  throw new Error(`"${name}" with arguments is not supported in line ${node.loc.start.line}`)
}

function refuse(what: string): (node: hbs.AST.Node) => void {
  return (node) => {
    throw new Error(`${what} not part of the message language in line ${node.loc.start.line}`)
  }
}
