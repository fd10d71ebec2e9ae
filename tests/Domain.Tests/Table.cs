namespace CocoonPool.Domain.Tests;

/// <summary>
/// The full table of a state machine, written by hand: one line for each command, in which every state leads to a state
/// (<c>Active→Paused</c>) or to a refusal (<c>Closed✗pool_closed</c>).
/// </summary>
internal static class Table
{
    public static TheoryData<TState, TCommand, string> Read<TState, TCommand>(string table)
        where TState : struct, Enum
        where TCommand : struct, Enum
    {
        var rows = new TheoryData<TState, TCommand, string>();
        var seen = new HashSet<(TState, TCommand)>();
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.Split(':');
            var command = Enum.Parse<TCommand>(colon[0]);
            foreach (var entry in colon[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var sides = entry.Split('→', '✗');
                var state = Enum.Parse<TState>(sides[0]);
                seen.Add((state, command)).ShouldBeTrue($"The table has {state} {command} twice.");
                rows.Add(state, command, entry.Contains('→') ? "to " + Enum.Parse<TState>(sides[1]) : "refused " + sides[1]);
            }
        }

        seen.Count.ShouldBe(Enum.GetValues<TState>().Length * Enum.GetValues<TCommand>().Length, "The table answers every command in every state.");
        return rows;
    }

    public static void ShouldAnswer<TState>(this Transition<TState> transition, TState from, string expected)
        where TState : struct, Enum
    {
        transition.From.ShouldBe(from);
        (transition.Accepted ? $"to {transition.To}" : $"refused {transition.Refusal}").ShouldBe(expected);
        if (!transition.Accepted)
            transition.To.ShouldBe(from, "A refusal changes nothing.");
    }
}
