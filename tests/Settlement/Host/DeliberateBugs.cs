using System.Reflection;
using CocoonPool.Domain.Ledger;
using CocoonPool.Grains.Settlement;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Settlement.Tests.Host;

/// <summary>What is wrong with the silo on purpose, to see that the tests would notice. The product knows nothing of these.</summary>
public enum DeliberateBug
{
    None = 0,

    /// <summary>A batch is sent as soon as it is signed; its bytes are stored afterwards.</summary>
    SendBeforePersist = 1,

    /// <summary>A batch that the chain took from the gateway is believed to be paid.</summary>
    AcceptedIsPaid = 2,

    /// <summary>Signatures are believed to have expired long before they have, so that another is made while the first may land.</summary>
    TwoLiveSignatures = 3,
}

internal static class DeliberateBugs
{
    /// <summary>Puts the bug between the settlement and its client of the gateway.</summary>
    public static void Plant(IServiceCollection services, DeliberateBug bug)
    {
        if (bug is DeliberateBug.None)
            return;
        var real = services.Single(service => service.ServiceType == typeof(IChainGateway));
        services.Remove(real);
        services.AddSingleton(provider => BuggedGateway.Around((IChainGateway)real.ImplementationFactory!(provider), bug));
    }
}

/// <summary>Passes every call on, but for those that the bug is about. A proxy, so that the gateway's interface may grow.</summary>
public class BuggedGateway : DispatchProxy
{
    private IChainGateway _real = null!;
    private DeliberateBug _bug;
    private BatchOnChain? _signed;
    private BatchOnChain? _believed;
    private int _ahead;

    internal static IChainGateway Around(IChainGateway real, DeliberateBug bug)
    {
        var proxy = Create<IChainGateway, BuggedGateway>();
        (((BuggedGateway)proxy)._real, ((BuggedGateway)proxy)._bug) = (real, bug);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_real, args);
        return (_bug, targetMethod.Name) switch
        {
            (DeliberateBug.SendBeforePersist, nameof(IChainGateway.SignPayBatch)) => SendAtOnce((Task<SignedMessage>)answer!),
            (DeliberateBug.AcceptedIsPaid, nameof(IChainGateway.SignPayBatch)) => Remember((Task<SignedMessage>)answer!, (int)args![1]!, args.OfType<byte[]>().Single()),
            (DeliberateBug.AcceptedIsPaid, nameof(IChainGateway.Broadcast)) => Believe((Task<(bool Accepted, string? Reason)>)answer!),
            (DeliberateBug.AcceptedIsPaid, nameof(IChainGateway.Epoch)) => Pretend((Task<EpochOnChain>)answer!),
            (DeliberateBug.TwoLiveSignatures, nameof(IChainGateway.Epoch)) => Hurry((Task<EpochOnChain>)answer!, (found, ahead) => found with { ChainTime = found.ChainTime + ahead }),
            (DeliberateBug.TwoLiveSignatures, nameof(IChainGateway.Signer)) => Hurry((Task<SignerReading>)answer!, (found, ahead) => found with { ChainTime = found.ChainTime + ahead }),
            _ => answer,
        };
    }

    private async Task<SignedMessage> SendAtOnce(Task<SignedMessage> signing)
    {
        var signed = await signing;
        await _real.Broadcast(signed.Boc);
        return signed;
    }

    private async Task<SignedMessage> Remember(Task<SignedMessage> signing, int batch, byte[] listHash)
    {
        var signed = await signing;
        _signed = new(batch, listHash, signed.Hash, Nanotons.Zero);
        return signed;
    }

    private async Task<(bool Accepted, string? Reason)> Believe(Task<(bool Accepted, string? Reason)> sending)
    {
        var answer = await sending;
        if (answer.Accepted)
            _believed = _signed;
        return answer;
    }

    private async Task<EpochOnChain> Pretend(Task<EpochOnChain> reading)
    {
        var found = await reading;
        return _believed is { } believed && found.Batches.All(b => b.Index != believed.Index) ? found with { Batches = [.. found.Batches, believed] } : found;
    }

    /// <summary>A clock that is a second further ahead at every look.</summary>
    private async Task<T> Hurry<T>(Task<T> reading, Func<T, int, T> shift) => shift(await reading, Interlocked.Increment(ref _ahead));
}
