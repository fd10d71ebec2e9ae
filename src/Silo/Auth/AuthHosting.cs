using CocoonPool.Adapters.Postgres.Auth;
using CocoonPool.Adapters.Ton;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Settlement;
using CocoonPool.Silo.Auth.Passwords;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace CocoonPool.Silo.Auth;

/// <summary>Puts signing in into the host. Called after the pool: the key ring lies in tables that the pool's schema step makes.</summary>
public static class AuthHosting
{
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration("Auth").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Accounts>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInGuard>();
        services.AddSingleton<PostgresKeyRing>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<PersonCredentials>();
        services.AddSingleton<OperatorSignIn>();
        services.AddSingleton<WalletSignIn>();
        services.AddSingleton<IWalletProofs>(provider => (ChainGatewayClient)provider.GetRequiredService<IChainGateway>());
        services.AddSingleton(provider => new WalletChallenge(TicketKey(provider), provider.GetRequiredService<PoolSettings>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => RingSeal.From(
            provider.GetRequiredService<IOptions<AuthOptions>>().Value.KeyRingKeyFile is { Length: > 0 } file
                ? Convert.FromHexString(Secrets.Read(file, "Auth:KeyRingKeyFile"))
                : TicketKey(provider)));
        services.AddDataProtection().SetApplicationName("cocoon-pool");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(ring =>
        {
            ring.XmlRepository = provider.GetRequiredService<PostgresKeyRing>();
            ring.XmlEncryptor = new RingSealer(provider.GetRequiredService<RingSeal>());
        }));
        return services;
    }

    private static byte[] TicketKey(IServiceProvider provider) =>
        Convert.FromHexString(Secrets.Read(provider.GetRequiredService<IOptions<PoolOptions>>().Value.TicketKeyFile, "Pool:TicketKeyFile"));
}
