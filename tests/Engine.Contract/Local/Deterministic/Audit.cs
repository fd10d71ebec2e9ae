namespace CocoonPool.Engine.Contract;

/// <summary>
/// Keeps books of its own, from what clients asked for and what was acknowledged to them, and objects to whatever contradicts
/// them. It knows nothing of how the grains work.
/// </summary>
public sealed class Audit
{
    private readonly Dictionary<string, (long Asked, long Acknowledged)> _books = new(StringComparer.Ordinal);
    private readonly List<string> _objections = [];

    public IReadOnlyList<string> Objections => _objections;

    /// <summary>What was acknowledged of the account so far, to be noted before one looks at it.</summary>
    public long Acknowledged(string account) => _books.GetValueOrDefault(account).Acknowledged;

    public void Ask(string account, long amount) => Book(account, amount, 0);

    public void Acknowledge(string account, long amount) => Book(account, 0, amount);

    /// <summary>Amounts that are only ever added must lie between what had been acknowledged and what has been asked for.</summary>
    public void SawBetween(string account, long seen, long acknowledgedBefore)
    {
        var asked = _books.GetValueOrDefault(account).Asked;
        if (seen < acknowledgedBefore) Object($"{account} showed {seen} when {acknowledgedBefore} had been acknowledged: something is lost");
        if (seen > asked) Object($"{account} showed {seen} when {asked} had been asked for: something was done twice");
    }

    /// <summary>When every operation has been acknowledged, an account must show exactly their sum.</summary>
    public void SawAtTheEnd(string account, string where, long seen)
    {
        var expected = _books.GetValueOrDefault(account).Acknowledged;
        if (seen != expected) Object($"{account} shows {seen} {where} at the end instead of {expected}");
    }

    public void Expect(string what, long expected, long seen)
    {
        if (seen != expected) Object($"{what} is {seen} instead of {expected}");
    }

    private void Book(string account, long asked, long acknowledged)
    {
        var held = _books.GetValueOrDefault(account);
        _books[account] = (held.Asked + asked, held.Acknowledged + acknowledged);
    }

    private void Object(string objection) => _objections.Add(objection);
}
