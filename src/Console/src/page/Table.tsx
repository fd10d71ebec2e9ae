import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  header: string;
  /** Numbers stand right, so that digits of one size stand below each other. */
  numeric?: boolean;
  cell(row: Row): ComponentChildren;
}

interface Props<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row, index: number): string | number;
  /** Cells of a closing row, one per column. */
  total?: ComponentChildren[];
}

/**
 * A table that becomes a list of cards on a narrow screen. The first column heads each row. Roles are spelled out because browsers
 * drop table semantics as soon as a style sheet gives rows and cells another `display`.
 */
export function Table<Row>({ caption, columns, rows, rowKey, total }: Props<Row>) {
  const side = (column: Column<Row> | undefined) => (column?.numeric ? 'numeric' : undefined);
  return (
    <table role="table">
      <caption class="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.header} role="columnheader" scope="col" class={side(column)}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row, index) => (
          <tr key={rowKey(row, index)} role="row">
            {columns.map((column, i) =>
              i === 0 ? (
                <th key={column.header} role="rowheader" scope="row" class={side(column)}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.header} role="cell" class={side(column)} data-label={column.header}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
      {total && (
        <tfoot role="rowgroup">
          <tr role="row">
            {total.map((cell, i) => (
              <td key={i} role="cell" class={side(columns[i])} data-label={i === 0 ? undefined : columns[i]?.header}>
                {cell}
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}
