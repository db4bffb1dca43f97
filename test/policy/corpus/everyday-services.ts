/** What operators type to see the network, disks, services, containers, pools and packages of a machine. */
export const everydayServices: readonly string[] = `
ss -tlnp
ss -tulpn | grep :443
ss -s
ss -tan state established
ss -tn dst 10.0.0.1
ss -tln '( sport = :22 or sport = :https )'
ss -H -tn dst [2001:db8::1]:443 and not dport = :80
ss -xlp
ip a
ip addr
ip -br a
ip -br -c link
ip -4 addr show eth0
ip -s link show dev eth0
ip r
ip route show table all
ip route get 10.0.0.1
ip -6 route
ip neigh
ip -j -p addr
ip rule list
ip netns
lsblk
lsblk -f
lsblk -o NAME,SIZE,FSTYPE,MOUNTPOINT
lsblk -dno NAME,ROTA /dev/sda
lsblk -J | head
findmnt
findmnt -t ext4,xfs
findmnt /var
findmnt -no SOURCE -T /var/log
findmnt -s
mount
mount | grep ext4
mount -t tmpfs
mount -l
lsof -i :80
lsof -i:443 -P -n
lsof -nP -iTCP -sTCP:LISTEN
lsof -p 1
lsof -u root | wc -l
lsof +L1
lsof +D /var/log
lsof -i TCP@10.0.0.1:22
lsof /var/log/syslog
lsof -t -c nginx
getent passwd root
getent passwd
getent group docker sudo
getent services ssh
getent services 22/tcp
getent protocols tcp
systemctl
systemctl status nginx
systemctl status nginx --no-pager -l
systemctl --failed
systemctl --type=service --state=running
systemctl -t service list-units --all
systemctl list-timers
systemctl list-units 'ssh*'
systemctl list-units ssh*
systemctl show nginx -p ActiveState,MainPID
systemctl show -p NRestarts --value nginx.service
systemctl show nginx
systemctl is-active nginx
systemctl is-enabled ssh || echo no
systemctl is-system-running
systemctl cat nginx
systemctl list-dependencies --reverse nginx.service
systemctl list-unit-files | grep enabled
systemctl status 'user@1000.service' -n 50
journalctl -u nginx
journalctl -u nginx -n 100 --no-pager
journalctl -u ssh --since '1 hour ago'
journalctl -xe
journalctl -b -1 -p err
journalctl -k | tail
journalctl --list-boots
journalctl --disk-usage
journalctl -n50 -o json _PID=1
journalctl -b
journalctl -S today -U now -g 'fail|error' -r
docker ps
docker ps -a
docker ps -aq --filter status=exited
docker ps --format '{{.Names}}: {{.Status}}'
docker logs web
docker logs --tail 100 web
docker logs --since 10m -t web 2>&1 | grep -i error
docker inspect web
docker inspect -f '{{.State.Status}} {{.State.Health.Status}}' web db
docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web
docker inspect --format='{{json .Mounts}}' web
docker images
docker stats --no-stream
docker stats
docker top web
docker port web
docker port web 80/tcp
docker version
docker version --format '{{.Server.Version}}'
docker compose ls
docker compose ls -a --format json
docker compose -p shop ps
docker compose --project-name=shop ps -a
docker compose -p shop logs --tail=50 web
zpool status
zpool status -v tank
zpool list
zpool list -Hp -o name,size,free
zpool get all tank
zfs list
zfs list -t snapshot -o name,used -s creation
zfs list -r tank/home
zfs get compression tank
zfs get -H -o value used,available tank/home
dpkg -l
dpkg -l | grep nginx
dpkg -l 'linux-image*'
dpkg -l nginx*
dpkg -s openssh-server
dpkg -L bash
dpkg -S /bin/ls
apt-cache policy
apt-cache policy nginx
apt-cache policy nginx openssl | head
apt-cache policy libc6:amd64`
  .slice(1)
  .split('\n');
