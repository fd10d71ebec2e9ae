using System.CommandLine;
using CocoonPool.Client.Admin.Reporting;

namespace CocoonPool.Client.Admin.Connection;

/// <summary>Makes commands of one request each: ask, then print the JSON as it came, or show it to a person.</summary>
internal sealed class PoolCommands(GlobalOptions options, Screen screen, Func<string, string?> environment)
{
    /// <param name="isGood">Whether the answer means exit code 0; an answer that was given is good when left out.</param>
    public Command Ask(
        string name, string description, string[] examples, Symbol[] symbols,
        Func<ParseResult, PoolRequest> request, Action<Fields, Screen> show, Func<Fields, bool>? isGood = null) =>
        Do(name, description, examples, symbols, async (parsed, api, cancellationToken) =>
        {
            var answer = await api.Json(request(parsed), cancellationToken);
            return Print(parsed, answer, fields => show(fields, screen)) && (isGood?.Invoke(new(answer.Root)) ?? true) ? ExitCode.Done : ExitCode.Refused;
        });

    /// <summary>A command that does more than one request.</summary>
    public Command Do(
        string name, string description, string[] examples, Symbol[] symbols, Func<ParseResult, PoolApi, CancellationToken, Task<int>> work)
    {
        var command = Create(name, description, examples, symbols);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = new PoolApi(new PoolLocation(options, parsed, environment));
            return await work(parsed, api, cancellationToken);
        });
        return command;
    }

    /// <summary>A command that asks no pool: it works with what is on this machine.</summary>
    public Command Local(
        string name, string description, string[] examples, Symbol[] symbols, Func<ParseResult, PoolLocation, Screen, CancellationToken, Task<int>> work)
    {
        var command = Create(name, description, examples, symbols);
        command.SetAction((parsed, cancellationToken) => work(parsed, new PoolLocation(options, parsed, environment), screen, cancellationToken));
        return command;
    }

    private static ExampledCommand Create(string name, string description, string[] examples, Symbol[] symbols)
    {
        var command = new ExampledCommand(name, description, examples);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
                command.Add(option);
            else
                command.Add((Argument)symbol);
        }

        return command;
    }

    /// <returns>Always true, so that it can stand in a condition with what the answer means.</returns>
    public bool Print(ParseResult parsed, PoolAnswer answer, Action<Fields, Screen> show) => Print(parsed, answer, fields => show(fields, screen));

    /// <inheritdoc cref="Print(ParseResult, PoolAnswer, Action{Fields, Screen})"/>
    public bool Print(ParseResult parsed, PoolAnswer answer, Action<Fields> show)
    {
        if (parsed.GetValue(options.Json))
        {
            screen.Raw(answer.Text);
            return true;
        }

        try
        {
            show(new(answer.Root));
        }
        catch (Exception odd) when (odd is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new AdminException(ExitCode.Unreachable, "The answer has another shape than this version of cocoon-admin reads; use the one that came with the pool, or --json.");
        }

        return true;
    }
}
