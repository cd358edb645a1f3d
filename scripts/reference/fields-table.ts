/** As much of JSON Schema as the registry's schemas use. */
interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  $ref?: string;
}

/**
 * A Markdown table of an object schema's fields: name, type with bounds, what it is.
 * The fields of objects inside follow their object as `object.field`.
 */
export function fieldsTable(schema: object): string {
  const rows = fieldRows(schema as Schema, '');
  if (rows.length === 0) return 'No fields.';
  return ['| field | type | |', '|---|---|---|', ...rows].join('\n');
}

function fieldRows({ properties = {}, required = [] }: Schema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const optional = required.includes(name) ? '' : `Optional${defaultOf(field)}.`;
    const notes = [optional, field.description ?? ''].filter((note) => note !== '');
    const row = `| ${[`\`${path}${name}\``, typeOf(field), notes.join(' ')].join(' | ')} |`;
    return [row, ...fieldRows(innerObject(field), `${path}${name}${field.items ? '[]' : ''}.`)];
  });
}

function defaultOf({ default: value }: Schema): string {
  if (value === undefined) return '';
  return `, \`${typeof value === 'string' ? value : JSON.stringify(value)}\` when absent`;
}

/** The object whose fields are to be listed below a field: the field itself, or the items of a list. */
function innerObject(field: Schema): Schema {
  return field.properties ? field : (field.items ?? {});
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join('; or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  switch (schema.type) {
    case 'string':
      return stringType(schema);
    case 'integer':
    case 'number':
      return `${schema.type}${range(schema.minimum, schema.maximum)}`;
    case 'array': {
      const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
      return `list of ${schema.items ? typeOf(schema.items) : 'any'}${most}`;
    }
    case 'object':
      return schema.properties ? 'object' : 'object of any fields';
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'any JSON value';
  }
}

function stringType({ format, pattern, minLength, maxLength }: Schema): string {
  if (format === 'uuid') return 'UUID';
  if (format === 'date-time') return 'time (ISO 8601, UTC)';
  // The pattern itself stands in the JSON Schema; a page for people names what it is.
  if (pattern?.includes('A-Za-z0-9_.@-')) return 'participant id';
  const length = range(minLength, maxLength, ' characters');
  return `string${length}`;
}

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  // "Any safe integer" is no bound that a reader wants to see.
  const low =
    least === undefined || least <= Number.MIN_SAFE_INTEGER ? undefined : least.toLocaleString('en');
  const high = most === undefined || most >= Number.MAX_SAFE_INTEGER ? undefined : most.toLocaleString('en');
  if (low !== undefined && high !== undefined) return `, ${low}–${high}${unit}`;
  if (low !== undefined) return `, at least ${low}${unit}`;
  return high === undefined ? '' : `, at most ${high}${unit}`;
}
