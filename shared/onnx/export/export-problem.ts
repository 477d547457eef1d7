/** A part of a model that has no graph; thrown while nodes are written, and returned by the exports. */
export class ExportProblem extends Error {
  readonly part: string;
  constructor(part: string, detail = `${part} has no ONNX operators here`) {
    super(detail);
    this.part = part;
  }
}
