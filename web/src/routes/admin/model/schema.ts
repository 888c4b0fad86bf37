/** The provisioning's JSON schema as fields of forms. What the server takes is what the forms offer. */
import document from "../../../../../docs/book/src/reference/provisioning.schema.json";
import type { Json } from "./json";

/** As much of JSON Schema as the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: string;
  description?: string;
  default?: Json;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: string[];
}

interface Document extends Schema {
  $defs: Record<string, Schema>;
}

export type Kind =
  | { kind: "text"; pattern?: string; max?: number; moment?: "day" | "time"; secret?: boolean }
  | { kind: "number"; min?: number; max?: number }
  | { kind: "truth" }
  | { kind: "choice"; shape: string; options: string[] }
  | { kind: "plan" }
  | { kind: "list"; of: Kind; max?: number }
  | { kind: "rows"; shape: string; fields: Field[]; max?: number }
  | { kind: "part"; shape: string; fields: Field[] }
  | { kind: "levels" }
  | { kind: "needs" }
  | { kind: "day" }
  | { kind: "hours" }
  | { kind: "lines" }
  | { kind: "raw" };

export interface Field {
  /** The shape that it is a field of, and its name there. */
  shape: string;
  name: string;
  kind: Kind;
  required: boolean;
  /** What holds while it is not set. */
  fallback?: Json;
  /** What the schema says of it, in English: for programs, and where the app has no words of its own. */
  description: string;
}

/** Shapes that have a field of their own, not one that follows from their schema. */
const OWN: Record<string, Kind> = {
  FallbackRow: { kind: "plan" },
  NeedsShape: { kind: "needs" },
  DayShape: { kind: "day" },
  AgentHoursShape: { kind: "hours" },
  LinesShape: { kind: "lines" },
};
const SECRETS = new Set(["password", "sip_password", "pin", "secret", "webhook_secret"]);

const isNull = (schema: Schema): boolean => schema.type === "null";
const shortly = (name: string): string => name.replace(/Shape$/, "");

/** Reads a schema document; forms are made of what comes out. */
export class Forms {
  private readonly document: Document;

  constructor(document: Document) {
    this.document = document;
  }

  /** The shape of a section's entries, if there is such a section; `Group` is a name alone. */
  shapeOf(section: string): string | undefined {
    const items = this.document.properties?.[section]?.items;
    if (!items) return undefined;
    return items.$ref ? (items.$ref.split("/").pop() ?? undefined) : "";
  }

  /** The fields of a shape, in the document's order. */
  fields(shape: string): Field[] {
    const schema = this.document.$defs[shape];
    return schema ? this.fieldsOf(schema, shape) : [];
  }

  /** The fields of a section's entries. Groups are a name and nothing else. */
  sectionFields(section: string): Field[] {
    const shape = this.shapeOf(section);
    if (shape === undefined) return [];
    if (shape !== "") return this.fields(shape);
    return [{ shape: "Group", name: "name", kind: { kind: "text", max: 64 }, required: true, description: "" }];
  }

  /** The fields of the domain itself: those that are no lists of things. */
  settings(): Field[] {
    return this.fieldsOf(this.document, "Domain").filter(({ kind, name }) => (kind.kind === "text" && name !== "domain") || name === "second_factor");
  }

  private fieldsOf(schema: Schema, shape: string): Field[] {
    return Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const field: Field = {
        shape: shortly(shape),
        name,
        kind: this.kind(property, name),
        required: schema.required?.includes(name) ?? false,
        description: property.description ?? "",
      };
      if (property.default !== undefined) field.fallback = property.default;
      return field;
    });
  }

  private kind(schema: Schema, name: string): Kind {
    if (schema.$ref) return this.shape(schema.$ref.split("/").pop() ?? "");
    const inner = schema.anyOf?.filter((part) => !isNull(part));
    if (inner) return inner.length === 1 && inner[0] ? this.kind(inner[0], name) : { kind: "raw" };
    const type = Array.isArray(schema.type) ? schema.type.find((word) => word !== "null") : schema.type;
    switch (type) {
      case "string":
        return {
          kind: "text",
          ...(schema.pattern ? { pattern: schema.pattern } : {}),
          ...(schema.maxLength ? { max: schema.maxLength } : {}),
          ...(schema.format === "date" ? { moment: "day" } : schema.format === "date-time" ? { moment: "time" } : {}),
          ...(SECRETS.has(name) ? { secret: true } : {}),
        };
      case "integer":
      case "number":
        return {
          kind: "number",
          ...(schema.minimum === undefined ? {} : { min: schema.minimum }),
          ...(schema.maximum === undefined ? {} : { max: schema.maximum }),
        };
      case "boolean":
        return { kind: "truth" };
      case "array":
        return this.list(schema, name);
      case "object":
        return this.object(schema);
      default:
        return { kind: "raw" };
    }
  }

  private list(schema: Schema, name: string): Kind {
    const of = schema.items ? this.kind(schema.items, name) : ({ kind: "raw" } as const);
    const max = schema.maxItems ? { max: schema.maxItems } : {};
    if (of.kind === "part") return { kind: "rows", shape: of.shape, fields: of.fields, ...max };
    return of.kind === "raw" ? of : { kind: "list", of, ...max };
  }

  private object(schema: Schema): Kind {
    const values = schema.additionalProperties;
    if (typeof values === "object" && values.$ref?.endsWith("/SkillLevel")) return { kind: "levels" };
    return { kind: "raw" };
  }

  private shape(name: string): Kind {
    const own = OWN[name];
    if (own) return own;
    const schema = this.document.$defs[name];
    if (!schema) return { kind: "raw" };
    // Words that need no explanation each stand in one list.
    const words = schema.enum ?? schema.oneOf?.map((part) => part.const).filter((word) => word !== undefined);
    if (words && words.length === (schema.enum ?? schema.oneOf)?.length) return { kind: "choice", shape: shortly(name), options: words };
    if (schema.properties) return { kind: "part", shape: shortly(name), fields: this.fieldsOf(schema, name) };
    return this.kind({ ...schema, oneOf: undefined } as Schema, name);
  }
}

export const forms = new Forms(document as unknown as Document);
