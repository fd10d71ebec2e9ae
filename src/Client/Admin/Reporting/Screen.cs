using Spectre.Console;

namespace CocoonPool.Client.Admin.Reporting;

/// <summary>Writes for people: tables with colours on a terminal, plain tables elsewhere or with NO_COLOR. JSON goes out as it is.</summary>
internal sealed class Screen
{
    private readonly TextWriter _output;
    private readonly bool _rich;
    private readonly IAnsiConsole _console;

    public Screen(TextWriter output, Func<string, string?> environment)
    {
        _output = output;
        _rich = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && string.IsNullOrEmpty(environment("NO_COLOR"));
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _rich ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = _rich ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
            Interactive = InteractionSupport.No,
        });
    }

    /// <summary>Names come from participants: a control character among them could rewrite what the operator sees.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? '\ufffd' : c));

    public void Raw(string json) => _output.WriteLine(json);

    public void Line(string text) => _output.WriteLine(Printable(text));

    public void Verdict(bool good, string text)
    {
        if (_rich)
            _console.MarkupLine($"{(good ? "[green]✓[/]" : "[red]✗[/]")} {Markup.Escape(Printable(text))}");
        else
            _output.WriteLine($"{(good ? "ok" : "x")} {Printable(text)}");
    }

    /// <summary>A column whose title begins with # holds numbers: they line up to the right.</summary>
    public void Table(string[] columns, IEnumerable<string[]> rows, string whenEmpty)
    {
        string[][] cells = [.. rows.Select(row => row.Select(Printable).ToArray())];
        var titles = columns.Select(title => title.TrimStart('#')).ToArray();
        bool[] numbers = [.. columns.Select(title => title.StartsWith('#'))];
        if (cells.Length == 0)
            Line(whenEmpty);
        else if (_rich)
            WriteRich(titles, numbers, cells);
        else
            WritePlain(titles, numbers, cells);
    }

    /// <summary>One thing: a name and a value a line.</summary>
    public void Facts(params (string Name, string Value)[] facts)
    {
        var width = facts.Max(fact => fact.Name.Length);
        foreach (var (name, value) in facts)
            Line($"{name.PadRight(width)}  {value}");
    }

    /// <summary>Says how to read on when a list was longer than one page.</summary>
    public void More(Fields page)
    {
        if (page.Is("pagination.has_more", "yes"))
            Line($"There is more; go on with --cursor {page["pagination.next_cursor"]}");
    }

    private void WriteRich(string[] titles, bool[] numbers, string[][] cells)
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < titles.Length; i++)
            table.AddColumn(new TableColumn(Markup.Escape(titles[i])) { Alignment = numbers[i] ? Justify.Right : Justify.Left });
        foreach (var row in cells)
            table.AddRow([.. row.Select(Markup.Escape)]);
        _console.Write(table);
    }

    /// <summary>No borders, nothing wrapped or cut, no spaces at the end: what other tools read well.</summary>
    private void WritePlain(string[] titles, bool[] numbers, string[][] cells)
    {
        int[] widths = [.. titles.Select((title, i) => Math.Max(title.Length, cells.Max(row => row[i].Length)))];
        foreach (var row in (string[][])[titles, .. cells])
            _output.WriteLine(string.Join("  ", row.Select((cell, i) => numbers[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }
}
