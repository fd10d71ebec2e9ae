using System.CommandLine;
using CocoonPool.Client.Admin.Connection;

namespace CocoonPool.Client.Admin.Commands;

/// <summary>The options of a command that lists: one call shows one page, so that --json stays the API's own answer.</summary>
internal sealed class Paging
{
    private const int Largest = 1_000;

    private readonly Option<int> _limit;

    private readonly Option<string?> _cursor = new("--cursor") { Description = "go on where the page before ended" };

    public Paging(int usual = Largest)
    {
        _limit = new("--limit") { Description = $"rows to show, 1 to {Largest}", DefaultValueFactory = _ => usual };
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Largest)
                result.AddError($"--limit is 1 to {Largest}.");
        });
    }

    public Symbol[] Symbols => [_limit, _cursor];

    public PoolRequest Page(ParseResult parsed, PoolRequest list, params ReadOnlySpan<(string Name, string? Value)> filters)
    {
        var query = $"?limit={parsed.GetValue(_limit)}";
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[.. filters, ("cursor", parsed.GetValue(_cursor))])
        {
            if (!string.IsNullOrEmpty(value))
                query += $"&{name}={Uri.EscapeDataString(value)}";
        }

        return list with { Path = list.Path + query };
    }
}
