using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Ledger;

/// <summary>On which side an account grows: what the pool has (debit), or what it owes and has earned (credit).</summary>
public enum AccountSide
{
    /// <summary>Assets and expenses: <c>chain:*</c>, <c>network:fees</c>.</summary>
    Debit = 0,

    /// <summary>Liabilities and equity: everything else.</summary>
    Credit = 1,
}

/// <summary>
/// The name of a ledger account; its first part is the kind. The kinds are a closed list, so that a misspelt account is refused
/// instead of being opened.
/// </summary>
public readonly record struct AccountName
{
    private AccountName(string value) => Value = value;

    public string Value { get; }

    /// <summary>Money in the distribution contract: revenue that came in and has not been paid out.</summary>
    public static readonly AccountName Distribution = new("chain:distribution");

    /// <summary>What the participants' stake accounts on chain hold.</summary>
    public static readonly AccountName StakeAccounts = new("chain:stake");

    /// <summary>The wallet that pays network fees. Its funding is not the pool's money, so it may go negative.</summary>
    public static readonly AccountName HotWallet = new("chain:hot-wallet");

    public static readonly AccountName OperatorFees = new("operator:fees");
    public static readonly AccountName InFlight = new("settlement:in-flight");
    public static readonly AccountName NetworkFees = new("network:fees");

    /// <summary>Slashes that are final and not yet executed on chain.</summary>
    public static readonly AccountName SlashPending = new("slash:pending");

    /// <summary>With the next: what slashes brought the treasury, and burned. Both leave the books when the chain has done it.</summary>
    public static readonly AccountName Treasury = new("treasury");
    public static readonly AccountName Burned = new("burned");

    public static AccountName Revenue(EpochNumber epoch) => new($"revenue:{epoch}");
    public static AccountName Client(string client) => new($"client:{client}");
    public static AccountName Rewards(TonAddress participant) => new($"participant:{participant}:rewards");
    public static AccountName Stake(TonAddress participant) => new($"participant:{participant}:stake");
    public static AccountName Vault(TonAddress vault) => new($"chain:vault:{vault}");

    public AccountSide Side =>
        Value.StartsWith("chain:", StringComparison.Ordinal) || this == NetworkFees ? AccountSide.Debit : AccountSide.Credit;

    /// <summary>Whose account it is, where it is one participant's rewards or stake.</summary>
    public TonAddress? Participant =>
        Value.Split(':') is ["participant", var workchain, var hash, "rewards" or "stake"] ? TonAddress.Parse($"{workchain}:{hash}") : null;

    /// <summary>Only the hot wallet: every other balance stays at or above zero.</summary>
    public bool MayBeNegative => this == HotWallet;

    /// <summary>True for what counts as the pool's assets in the proof of solvency.</summary>
    public bool IsChainAsset => Value.StartsWith("chain:", StringComparison.Ordinal) && this != HotWallet;

    /// <summary>Reads a name of one of the known kinds.</summary>
    public static bool TryParse(string? text, out AccountName account)
    {
        account = new(text ?? "");
        return text switch
        {
            null or { Length: > 160 } => false,
            "chain:distribution" or "chain:stake" or "chain:hot-wallet" or "operator:fees" or "settlement:in-flight" or "network:fees"
                or "slash:pending" or "treasury" or "burned" => true,
            _ when text.StartsWith("revenue:", StringComparison.Ordinal) =>
                int.TryParse(text.AsSpan(8), out var epoch) && epoch > 0 && string.Equals(text, $"revenue:{epoch}", StringComparison.Ordinal),
            _ when text.StartsWith("client:", StringComparison.Ordinal) => text.Length > 7 && !text.Any(char.IsControl),
            _ when text.StartsWith("chain:vault:", StringComparison.Ordinal) => IsAddress(text["chain:vault:".Length..]),
            _ when text.StartsWith("participant:", StringComparison.Ordinal) =>
                (text.EndsWith(":rewards", StringComparison.Ordinal) && IsAddress(text["participant:".Length..^":rewards".Length]))
                || (text.EndsWith(":stake", StringComparison.Ordinal) && IsAddress(text["participant:".Length..^":stake".Length])),
            _ => false,
        };
    }

    /// <summary>Reads a name that is known to be right, such as one from the database.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static AccountName Parse(string text) => TryParse(text, out var account) ? account : throw new FormatException($"'{text}' is no ledger account.");

    public override string ToString() => Value;

    private static bool IsAddress(string text) =>
        TonAddress.TryParse(text, TonNetwork.Local, out var address, out _) && string.Equals(address.ToString(), text, StringComparison.Ordinal);
}
