using Spectre.Console;

namespace CocoonPool.Client.Launcher.Reporting;

/// <summary>
/// What a person sees while the launcher works: one line per step with the time it took. On a terminal with a spinner and
/// colours; otherwise, or with NO_COLOR, plain lines that read well in a file.
/// </summary>
public sealed class Report(TimeProvider time)
{
    private readonly bool _rich = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public Task Step(string what, Func<Task> work) =>
        Step<string?>(what, async () =>
        {
            await work();
            return null;
        });

    /// <summary>Does the work; its result, if it is text, ends the line.</summary>
    public async Task<T> Step<T>(string what, Func<Task<T>> work)
    {
        var start = time.GetTimestamp();
        if (!_rich)
        {
            Console.Out.Write($"· {what} … ");
            try
            {
                var plain = await work();
                Console.Out.WriteLine($"{Seconds(start)}{Detail(plain)}");
                return plain;
            }
            catch
            {
                Console.Out.WriteLine("failed");
                throw;
            }
        }

        var result = await AnsiConsole.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(what) + " …", _ => work());
        AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(what)} [grey]{Seconds(start)}{Markup.Escape(Detail(result))}[/]");
        return result;
    }

    public void Line(string text = "") => Console.Out.WriteLine(text);

    public void Heading(string text)
    {
        Console.Out.WriteLine();
        if (_rich)
            AnsiConsole.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
        else
            Console.Out.WriteLine(text);
    }

    public void Problem(string text)
    {
        if (_rich)
            AnsiConsole.MarkupLine($"[red]✗[/] {Markup.Escape(text)}");
        else
            Console.Out.WriteLine($"x {text}");
    }

    public void Success(string text)
    {
        if (_rich)
            AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(text)}");
        else
            Console.Out.WriteLine($"ok {text}");
    }

    public void Table(TextTable table)
    {
        if (!_rich)
        {
            Console.Out.Write(table.ToString());
            return;
        }

        var shown = new Table().Border(TableBorder.Rounded);
        foreach (var column in table.Columns)
            shown.AddColumn(new Spectre.Console.TableColumn(Markup.Escape(column.Title)) { Alignment = column.IsNumber ? Justify.Right : Justify.Left });
        foreach (var row in table.Rows)
            shown.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(shown);
    }

    /// <summary>Work in equal parts: a bar on a terminal, a line at every quarter otherwise. The work calls back once per part done.</summary>
    public async Task Progress(string what, int parts, Func<Action, Task> work)
    {
        var start = time.GetTimestamp();
        var done = 0;
        if (!_rich)
        {
            await work(() =>
            {
                var now = Interlocked.Increment(ref done);
                if (now * 4 / parts != (now - 1) * 4 / parts)
                    Console.Out.WriteLine($"· {what}: {now} of {parts} ({Seconds(start)})");
            });
            return;
        }

        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(what), maxValue: parts);
                await work(() => bar.Increment(1));
            });
    }

    public string Seconds(long start) => $"{time.GetElapsedTime(start).TotalSeconds:0.0} s";

    private static string Detail<T>(T result) => result is string { Length: > 0 } text ? $"  {text}" : "";
}
