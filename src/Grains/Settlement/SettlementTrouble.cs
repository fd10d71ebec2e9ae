namespace CocoonPool.Grains.Settlement;

/// <summary>What keeps a settlement from going on. The words are told to people, metrics and webhooks.</summary>
public static class SettlementTrouble
{
    /// <summary>The contract holds too little. A top-up lets it go on by itself.</summary>
    public const string Underfunded = "underfunded";

    /// <summary>The signing wallet holds too little for fees. Coins let it go on by themselves.</summary>
    public const string WalletEmpty = "wallet_empty";

    /// <summary>The contract obeys another wallet than the one that signs: a rotation is half done.</summary>
    public const string OperatorReplaced = "operator_replaced";

    /// <summary>The contract is paused.</summary>
    public const string Paused = "contract_paused";

    /// <summary>The chain gateway refuses to sign.</summary>
    public const string SigningRefused = "signing_refused";

    /// <summary>The contract refused a message for another reason.</summary>
    public const string Refused = "refused";

    /// <summary>The chain has another content than was planned. The settlement has frozen itself.</summary>
    public const string Conflict = "conflict";

    /// <summary>From the wallet's or the contract's exit code.</summary>
    public static string FromExitCode(int? exitCode) => exitCode switch
    {
        37 => WalletEmpty,
        402 => Underfunded,
        401 => OperatorReplaced,
        423 => Paused,
        _ => Refused,
    };
}
