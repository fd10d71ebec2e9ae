using CocoonPool.Client.Launcher.Chain;

namespace CocoonPool.Chaos.Audit.Facts;

/// <summary>Coins that came to an account.</summary>
/// <param name="From">Raw address of the sender.</param>
/// <param name="Transaction">Lower-case hex.</param>
public sealed record Arrival(string From, long AmountNano, string Transaction);

/// <summary>What the chain's public interface says.</summary>
/// <param name="Deposits">To the distribution contract, from anybody but the operator's wallet.</param>
/// <param name="ContractBalanceNano">Of the distribution contract.</param>
/// <param name="Epochs">Every epoch that the database knows, as the contract tells it.</param>
/// <param name="Payouts">From the distribution contract to wallets, by the wallet's raw address.</param>
/// <param name="StakesNano">What lies on all accounts that the registry ever sent a stake to.</param>
/// <param name="VaultsNano">Of every vault that the books name, by its raw address.</param>
public sealed record ChainFacts(
    IReadOnlyList<Arrival> Deposits, long ContractBalanceNano, long StakesNano, IReadOnlyDictionary<string, long> VaultsNano, IReadOnlyDictionary<int, ChainEpoch> Epochs, IReadOnlyDictionary<string, IReadOnlyList<Arrival>> Payouts);
