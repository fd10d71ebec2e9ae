using System.Text;

namespace CocoonPool.Client.Launcher.Reporting;

/// <summary>A table of plain text: columns as wide as their longest cell, numbers to the right.</summary>
public sealed class TextTable(params IReadOnlyList<TextColumn> columns)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    public IReadOnlyList<TextColumn> Columns => columns;

    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    public void Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != columns.Count)
            throw new ArgumentException($"A row has {cells.Count} cells, the table {columns.Count} columns.", nameof(cells));
        _rows.Add(cells);
    }

    public override string ToString()
    {
        var widths = columns.Select((column, index) => Math.Max(column.Title.Length, _rows.Select(row => row[index].Length).DefaultIfEmpty().Max()));
        var text = new StringBuilder();
        int[] measured = [.. widths];
        Append(text, [.. columns.Select(column => column.Title)], measured);
        Append(text, [.. measured.Select(width => new string('-', width))], measured);
        foreach (var row in _rows)
            Append(text, row, measured);
        return text.ToString();
    }

    private void Append(StringBuilder text, IReadOnlyList<string> cells, int[] widths)
    {
        var padded = cells.Select((cell, index) => columns[index].IsNumber ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index]));
        text.Append(string.Join("  ", padded).TrimEnd()).Append('\n');
    }
}

public sealed record TextColumn(string Title, bool IsNumber = false);
