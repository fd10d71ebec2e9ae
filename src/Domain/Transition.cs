namespace CocoonPool.Domain;

/// <summary>
/// The answer of a state machine to one command. An accepted transition may lead to the state it came from: a fact that
/// is reported twice, such as renewed evidence, changes nothing and is no mistake.
/// </summary>
/// <param name="From">The state in which the command arrived.</param>
/// <param name="To">The state afterwards; the same as <paramref name="From"/> when the command was refused.</param>
/// <param name="Refusal">A stable code in snake case such as <c>worker_not_attested</c>; null when accepted.</param>
public readonly record struct Transition<TState>(TState From, TState To, string? Refusal)
    where TState : struct, Enum
{
    public bool Accepted => Refusal is null;
}

/// <summary>Makes the two kinds of answer, so that no caller can pair a refusal with a changed state.</summary>
public static class Transition
{
    public static Transition<TState> Accept<TState>(TState from, TState to)
        where TState : struct, Enum => new(from, to, null);

    public static Transition<TState> Refuse<TState>(TState from, string refusal)
        where TState : struct, Enum => new(from, from, refusal);
}
